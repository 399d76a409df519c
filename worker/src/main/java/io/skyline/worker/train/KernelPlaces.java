package io.skyline.worker.train;

import io.skyline.architecture.Convolution;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * Where the numbers of a layer's kernel stand in the kernel that oneDNN computes with, which may
 * have more inputs, always zero, or take the inputs in another order.
 *
 * @param plain row-major description of the larger kernel
 * @param places index in it of each number of the layer's kernel, in plain order; null if they are
 *     the same
 * @param masked whether the other numbers get gradients that are to be ignored
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KernelPlaces(memory.desc plain, int @Nullable [] places, boolean masked) {
  /** A kernel as it is. */
  static KernelPlaces same(memory.desc plain) {
    return new KernelPlaces(plain, null, false);
  }

  /**
   * A convolution's kernel over {@code seen} channels.
   *
   * @param channels of the layer's input; further seen ones are zero
   * @param merging how many neighbouring groups are computed as one
   * @param order for each channel seen, the layer's; null if they agree
   */
  static KernelPlaces of(
      Convolution convolution, int channels, int seen, int merging, int @Nullable [] order) {
    int groups = convolution.groups() / merging;
    memory.desc plain =
        description(memory.format_tag.abcd, memory.format_tag.abcde, convolution, groups, seen);
    if (seen == channels && merging == 1 && order == null) {
      return same(plain);
    }
    int taps = convolution.taps();
    int perGroup = channels / convolution.groups();
    int seenPerGroup = seen / groups;
    int outputsPerGroup = convolution.outputs() / convolution.groups();
    int[] seenAs = new int[channels];
    for (int c = 0; c < channels; c++) {
      seenAs[order == null ? c : order[c]] = c;
    }
    int[] places = new int[convolution.outputs() * perGroup * taps];
    for (int i = 0; i < places.length; i++) {
      int output = i / (perGroup * taps);
      int input = output / outputsPerGroup * perGroup + i / taps % perGroup;
      places[i] = (output * seenPerGroup + seenAs[input] % seenPerGroup) * taps + i % taps;
    }
    return new KernelPlaces(plain, places, merging > 1);
  }

  /** A convolution's kernel in one of two formats, without and with groups. */
  static memory.desc description(
      memory.format_tag ungrouped,
      memory.format_tag grouped,
      Convolution convolution,
      int groups,
      int channels) {
    int rows = convolution.rows().kernel();
    int columns = convolution.columns().kernel();
    return groups == 1
        ? OneDnn.tensor(ungrouped, convolution.outputs(), channels, rows, columns)
        : OneDnn.tensor(
            grouped, groups, convolution.outputs() / groups, channels / groups, rows, columns);
  }

  /** The larger kernel with a layer's numbers in their places. */
  float[] spread(float[] values) {
    float[] larger = new float[length()];
    if (places == null) {
      System.arraycopy(values, 0, larger, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        larger[places[i]] = values[i];
      }
    }
    return larger;
  }

  /** A layer's numbers from the larger kernel. */
  float[] collect(float[] larger) {
    if (places == null) {
      return larger;
    }
    float[] values = new float[places.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = larger[places[i]];
    }
    return values;
  }

  private int length() {
    return OneDnn.length(plain);
  }
}
