package io.skyline.architecture;

import java.util.List;

/**
 * Stochastic depth (Huang et al. 2016), on the branch of a residual connection before the addition:
 * training sets whole examples to zero with a probability and scales the others up by 1 / (1 -
 * rate); inference and exported models pass the input on.
 *
 * @param rate probability that an example skips the branch, in [0, 1)
 */
public record DropPath(double rate) implements Layer {
  public DropPath {
    Dropout.checkRate(rate);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Layer.only(inputs);
  }
}
