package io.skyline.worker.hashing;

import io.skyline.recipe.WeightHashing;
import java.util.List;
import java.util.Optional;

/**
 * The extents of a kernel that can be hashed, as it lies in memory; a dense layer's has a window of
 * 1 x 1.
 *
 * @param outputs channels
 * @param inputs of an output channel: those of its group
 * @param height of the window, at most {@link WeightHashing#WIDEST_WINDOW}
 * @param width of the window, at most as much
 */
public record KernelShape(int outputs, int inputs, int height, int width) {
  /**
   * The shape of a tensor of so many elements; empty if it can be no hashed kernel.
   *
   * @param dimensions outputs x inputs, perhaps x height x width
   */
  public static Optional<KernelShape> of(List<? extends Number> dimensions, int elements) {
    int rank = dimensions.size();
    if (rank != 2 && rank != 4) {
      return Optional.empty();
    }
    int[] extents = {1, 1, 1, 1};
    long rest = elements;
    for (int i = 0; i < rank; i++) {
      long extent = dimensions.get(i).longValue();
      if (extent < 1
          || extent > (i < 2 ? elements : WeightHashing.WIDEST_WINDOW)
          || rest % extent != 0) {
        return Optional.empty();
      }
      extents[i] = (int) extent;
      rest /= extent;
    }
    return rest == 1
        ? Optional.of(new KernelShape(extents[0], extents[1], extents[2], extents[3]))
        : Optional.empty();
  }

  /** Windows: one for each output and input. */
  public int filters() {
    return outputs * inputs;
  }

  /** Numbers of a window. */
  public int taps() {
    return height * width;
  }

  /** Numbers of the kernel. */
  public int size() {
    return filters() * taps();
  }
}
