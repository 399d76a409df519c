package io.skyline.architecture;

import java.util.List;

/**
 * Some consecutive channels of the input: the split of a ShuffleNet-v2 unit (Ma et al. 2018).
 *
 * @param from first channel, from 0
 * @param to the channel after the last
 */
public record Slice(int from, int to) implements Layer {
  public Slice {
    if (from < 0 || to <= from) {
      throw new InvalidArchitectureException("cannot take the channels " + from + " to " + to);
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    if (to > in.channels()) {
      throw new InvalidArchitectureException(
          "takes the channels " + from + " to " + to + " of " + in.channels());
    }
    return new Shape(to - from, in.height(), in.width());
  }
}
