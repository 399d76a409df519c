package io.skyline.architecture;

import java.util.List;

/**
 * Channels of the input in any order, some of them perhaps more than once and others not at all:
 * the index layer of CondenseNet (Huang et al. 2018, section 3.3).
 *
 * @param channels the input channel that becomes each output channel, from 0
 */
public record Select(List<Integer> channels) implements Layer {
  public Select {
    channels = List.copyOf(channels);
    if (channels.isEmpty() || channels.stream().anyMatch(channel -> channel < 0)) {
      throw new InvalidArchitectureException("cannot select the channels " + channels);
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    for (int channel : channels) {
      if (channel >= in.channels()) {
        throw new InvalidArchitectureException(
            "selects channel " + channel + " of " + in.channels());
      }
    }
    return new Shape(channels.size(), in.height(), in.width());
  }
}
