package io.skyline.architecture;

import java.util.List;

/**
 * The first input, C x H x W, times a gate, the second input: C x 1 x 1 weighs channels
 * (squeeze-and-excitation, Hu et al. 2018), 1 x H x W weighs positions (the spatial attention of
 * CBAM, Woo et al. 2018).
 */
public record Multiply() implements Layer {
  @Override
  public Shape output(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new InvalidArchitectureException("multiplies two inputs, not " + inputs.size());
    }
    Shape in = inputs.get(0);
    Shape gate = inputs.get(1);
    if (!gatesChannels(in, gate) && !gate.equals(new Shape(1, in.height(), in.width()))) {
      throw new InvalidArchitectureException(
          "multiplies "
              + in
              + " by a gate of "
              + Shape.flat(in.channels())
              + " or "
              + new Shape(1, in.height(), in.width())
              + ", not "
              + gate);
    }
    return in;
  }

  /** Whether a gate has one number for each channel, rather than one for each position. */
  public static boolean gatesChannels(Shape input, Shape gate) {
    return gate.isFlat() && gate.channels() == input.channels();
  }
}
