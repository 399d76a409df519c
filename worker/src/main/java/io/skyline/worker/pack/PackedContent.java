package io.skyline.worker.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The content of a packed model: its length, the skeleton, how each tensor is coded, the pooled
 * tensors, the others.
 *
 * @param onnx the model
 * @param tensors its tensors, and what they take
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PackedContent(byte[] onnx, List<Place> tensors) {
  /**
   * A tensor in a packed model.
   *
   * @param hole where it is in the model
   * @param coding how it is packed
   * @param bytes packed; of a pooled one its share of the pool, by its length
   */
  record Place(Hole hole, TensorCoding coding, double bytes) {}

  /** Bytes of an element, of which pools follow each other. */
  private static final int[] SIZES = {1, 2, 4, 8};

  static byte[] write(byte[] onnx) {
    List<Hole> holes = holes(onnx);
    ContextBudget budget = new ContextBudget();
    byte[] skeleton = Skeleton.cut(onnx, holes);
    PackedWriter out = new PackedWriter().number(onnx.length).number(skeleton.length);
    Section.writeSkeleton(out, skeleton, budget);
    byte[] codings = new byte[holes.size()];
    PackedWriter tensors = new PackedWriter();
    for (int i = 0; i < codings.length; i++) {
      TensorPacker.Packed packed = TensorPacker.pack(onnx, holes.get(i), budget);
      codings[i] = (byte) packed.coding().ordinal();
      tensors.all(packed.bytes());
    }
    Section.write(out, codings, budget);
    for (int size : SIZES) {
      PackedWriter pool = new PackedWriter();
      for (int i = 0; i < codings.length; i++) {
        Hole hole = holes.get(i);
        if (codings[i] == TensorCoding.POOLED.ordinal() && hole.type().bytes() == size) {
          pool.all(Arrays.copyOfRange(onnx, hole.at(), hole.at() + hole.length()));
        }
      }
      if (pool.size() > 0) {
        RawCoding.write(out, pool.toByteArray(), size, budget);
      }
    }
    return out.all(tensors.toByteArray()).toByteArray();
  }

  /** The tensors to be cut out: none of what is no model. */
  private static List<Hole> holes(byte[] onnx) {
    try {
      List<Hole> holes = Skeleton.holes(onnx);
      // as the reader will find them
      boolean same = Skeleton.holes(Skeleton.cut(onnx, holes), onnx.length).equals(holes);
      return same ? holes : List.of();
    } catch (Skeleton.NotWalkableException e) {
      return List.of();
    }
  }

  static PackedContent read(PackedReader in) {
    int length = in.number(0, PackedModel.LARGEST_MODEL, "bytes of the model");
    int skeletonLength = in.number(0, length, "bytes of the skeleton");
    int start = in.position();
    byte[] skeleton = Section.read(in, skeletonLength, "the skeleton");
    if (skeletonLength == length) {
      return ended(in, new PackedContent(skeleton, List.of()));
    }
    List<Hole> holes;
    try {
      holes = Skeleton.holes(skeleton, length);
    } catch (Skeleton.NotWalkableException e) {
      throw in.bad(start, "the skeleton is none: " + e.getMessage());
    }
    TensorCoding[] codings = codings(in, holes.size());
    byte[] onnx = Skeleton.fill(skeleton, holes, length);
    double[] bytes = new double[codings.length];
    for (int size : SIZES) {
      readPool(in, size, onnx, holes, codings, bytes);
    }
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < codings.length; i++) {
      Hole hole = holes.get(i);
      int before = in.position();
      if (codings[i] != TensorCoding.POOLED) {
        codings[i].read(in, hole, Elements.of(onnx, hole));
        bytes[i] = in.position() - before;
      }
      places.add(new Place(hole, codings[i], bytes[i]));
    }
    return ended(in, new PackedContent(onnx, places));
  }

  private static PackedContent ended(PackedReader in, PackedContent content) {
    if (in.remaining() > 0) {
      throw in.bad(in.remaining() + " bytes behind the end");
    }
    return content;
  }

  private static TensorCoding[] codings(PackedReader in, int count) {
    int start = in.position();
    byte[] numbers = Section.read(in, count, "the codings");
    int last = PackedFile.lastCoding(in.bytes()).ordinal();
    TensorCoding[] codings = new TensorCoding[count];
    for (int i = 0; i < count; i++) {
      if (numbers[i] < 0 || numbers[i] > last) {
        throw in.bad(start, "no coding of tensors has the number " + numbers[i]);
      }
      codings[i] = TensorCoding.values()[numbers[i]];
    }
    return codings;
  }

  private static void readPool(
      PackedReader in,
      int size,
      byte[] onnx,
      List<Hole> holes,
      TensorCoding[] codings,
      double[] bytes) {
    List<Integer> pooled = new ArrayList<>();
    int total = 0;
    for (int i = 0; i < codings.length; i++) {
      Hole hole = holes.get(i);
      if (codings[i] == TensorCoding.POOLED && hole.type().bytes() == size) {
        pooled.add(i);
        total += hole.length();
      }
    }
    if (total == 0) {
      return;
    }
    int before = in.position();
    byte[] pool = new byte[total];
    RawCoding.read(in, new Elements(pool, 0, total / size, size), "pooled tensors");
    double ratio = (double) (in.position() - before) / total;
    int at = 0;
    for (int i : pooled) {
      Hole hole = holes.get(i);
      System.arraycopy(pool, at, onnx, hole.at(), hole.length());
      at += hole.length();
      bytes[i] = ratio * hole.length();
    }
  }
}
