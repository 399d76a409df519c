package io.skyline.architecture;

import java.util.List;

/**
 * The channel shuffle of ShuffleNet (Zhang et al. 2018, section 3.1): channels seen as a matrix of
 * {@code groups} rows are read column by column, so that the next grouped convolution mixes the
 * groups.
 *
 * @param groups divides the input's channels
 */
public record Shuffle(int groups) implements Layer {
  public Shuffle {
    if (groups < 1) {
      throw new InvalidArchitectureException("needs at least one group, not " + groups);
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    if (in.channels() % groups != 0) {
      throw new InvalidArchitectureException(
          in.channels() + " channels cannot be shuffled in " + groups + " groups");
    }
    return in;
  }

  /** The input channel that becomes an output channel, of so many channels. */
  public int source(int output, int channels) {
    return output % groups * (channels / groups) + output / groups;
  }
}
