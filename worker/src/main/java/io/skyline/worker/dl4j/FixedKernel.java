package io.skyline.worker.dl4j;

import io.skyline.architecture.Shuffle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The kernel of a frozen 1x1 convolution that moves channels or takes their mean.
 *
 * @param values outputs x inputs
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FixedKernel(float[] values, int inputs) {
  boolean isOnes() {
    return IntStream.range(0, values.length).allMatch(i -> values[i] == 1f);
  }

  /** One output, to which every one of several inputs gives the same share. */
  boolean isMean() {
    return inputs > 1
        && values.length == inputs
        && IntStream.range(0, inputs).allMatch(i -> values[i] == 1f / inputs);
  }

  /** For each output the one input that it is; empty if it is anything else. */
  Optional<List<Integer>> moved() {
    List<Integer> channels = new ArrayList<>();
    for (int row = 0; row < values.length; row += inputs) {
      int found = -1;
      for (int i = 0; i < inputs; i++) {
        float value = values[row + i];
        if (value == 1f && found < 0) {
          found = i;
        } else if (value != 0) {
          return Optional.empty();
        }
      }
      if (found < 0) {
        return Optional.empty();
      }
      channels.add(found);
    }
    return Optional.of(channels);
  }

  /** The groups of a shuffle that moves channels so, if one does. */
  static Optional<Integer> shuffle(List<Integer> channels, int inputs) {
    if (channels.size() != inputs) {
      return Optional.empty();
    }
    return IntStream.rangeClosed(2, inputs)
        .filter(groups -> inputs % groups == 0)
        .filter(
            groups ->
                IntStream.range(0, inputs)
                    .allMatch(out -> new Shuffle(groups).source(out, inputs) == channels.get(out)))
        .boxed()
        .findFirst();
  }
}
