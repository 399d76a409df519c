package io.skyline.architecture;

import java.util.List;

/**
 * Training sets each value to zero with a probability and scales the others up by 1 / (1 - rate)
 * (Srivastava et al. 2014); inference and exported models pass the input on.
 *
 * @param rate probability of zero, in [0, 1)
 */
public record Dropout(double rate) implements Layer {
  public Dropout {
    checkRate(rate);
  }

  static void checkRate(double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new InvalidArchitectureException("needs a rate in [0, 1), not " + rate);
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Layer.only(inputs);
  }
}
