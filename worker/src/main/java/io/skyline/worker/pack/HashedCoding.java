package io.skyline.worker.pack;

import io.skyline.recipe.WeightHashing;
import io.skyline.worker.hashing.Buckets;
import io.skyline.worker.hashing.HashSearch;
import io.skyline.worker.hashing.HashedKernel;
import io.skyline.worker.hashing.KernelShape;
import io.skyline.worker.network.HalfFloat;
import java.util.List;
import java.util.Optional;

/**
 * A kernel whose frequencies share few values by hash (Chen et al., 2016): these, as half-precision
 * numbers in a coding of their own, give the very floats.
 */
final class HashedCoding {
  private static final int SIZE = 2;
  private static final int NOT_FINITE = 0x7c00;

  private HashedCoding() {}

  /** The shape of a tensor that may be a hashed kernel. */
  private static Optional<KernelShape> shape(Hole hole) {
    return hole.type() == ElementType.FLOAT32
        ? KernelShape.of(hole.dimensions(), hole.elements())
        : Optional.empty();
  }

  /** Work, as {@link ContextBudget} counts it. */
  private static long decisions(KernelShape shape) {
    return (long) shape.size() * (shape.height() + shape.width()) / 16;
  }

  /** Writes a tensor, if it is a hashed kernel. */
  static Optional<PackedWriter> write(Elements elements, Hole hole, ContextBudget budget) {
    Optional<KernelShape> shape = shape(hole);
    if (shape.isEmpty()
        || elements.count() < WeightHashing.FEWEST_WEIGHTS
        || elements.count() > WeightHashing.MOST_WEIGHTS) {
      return Optional.empty();
    }
    float[] kernel = new float[elements.count()];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = Float.intBitsToFloat((int) elements.get(i));
    }
    Optional<HashSearch.Found> found = HashSearch.of(shape.get(), kernel);
    if (found.isEmpty() || !budget.take(decisions(shape.get()))) {
      return Optional.empty();
    }
    float[] values = found.get().values();
    Elements halves = halves(values.length);
    for (int i = 0; i < values.length; i++) {
      halves.put(i, HalfFloat.of(values[i]));
    }
    TensorPacker.Packed packed = TensorPacker.packAlone(halves, inner(hole, halves), budget);
    return Optional.of(
        new PackedWriter()
            .number(found.get().keptPerMille())
            .number(packed.coding().ordinal())
            .all(packed.bytes()));
  }

  /** Reads a tensor into elements that are zeros still. */
  static void read(PackedReader in, Hole hole, Elements elements, String what) {
    int start = in.position();
    KernelShape shape =
        shape(hole).orElseThrow(() -> in.bad(start, what + " can be no hashed kernel"));
    int kept = in.number(1, 999, "values for a thousand weights of " + what);
    in.spend(decisions(shape));
    TensorCoding coding =
        TensorCoding.values()[
            in.number(
                TensorCoding.RAW.ordinal(), TensorCoding.CONTEXTS.ordinal(), "coding of values")];
    Elements halves = halves(new Buckets(shape, kept).values());
    coding.read(in, inner(hole, halves), halves);
    float[] values = new float[halves.count()];
    for (int i = 0; i < values.length; i++) {
      long half = halves.get(i);
      if ((half & NOT_FINITE) == NOT_FINITE) {
        throw in.bad(start, what + ": a value that is not finite");
      }
      values[i] = HalfFloat.toFloat((short) half);
    }
    float[] kernel = new HashedKernel(shape, kept).kernel(values);
    for (int i = 0; i < kernel.length; i++) {
      elements.put(i, Float.floatToRawIntBits(kernel[i]));
    }
  }

  private static Elements halves(int count) {
    return new Elements(new byte[count * SIZE], 0, count, SIZE);
  }

  /** Values as a tensor of one row. */
  private static Hole inner(Hole hole, Elements halves) {
    return new Hole(0, halves.length(), hole.name(), ElementType.FLOAT16, List.of());
  }
}
