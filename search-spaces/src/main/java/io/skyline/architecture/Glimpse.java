package io.skyline.architecture;

import java.util.List;

/**
 * A window of the first input, C x H x W, where the second input says, at the input's own scale: C
 * x {@code height} x {@code width}, sampled bilinearly and thus differentiable in both inputs (a
 * spatial transformer, Jaderberg et al. 2015, section 3, that only translates; the glimpse of Mnih
 * et al. 2014 at one resolution).
 *
 * <p>The second input is a flat vector of two numbers, how far to the right and how far down the
 * window lies: 0 at the first column or row, 1 at the last one that keeps the window inside, 0.5 in
 * the middle. What lies beyond counts as 0 or 1, so that no window leaves the input.
 *
 * @param height rows of the window
 * @param width columns of the window
 */
public record Glimpse(int height, int width) implements Layer {
  /** What the second input has to be. */
  public static final Shape POSITION = Shape.flat(2);

  public Glimpse {
    if (height < 1 || width < 1) {
      throw new InvalidArchitectureException(
          "needs a window of at least 1x1, not " + height + "x" + width);
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new InvalidArchitectureException("reads a map and a position, not " + inputs);
    }
    Shape in = inputs.get(0);
    if (!inputs.get(1).equals(POSITION)) {
      throw new InvalidArchitectureException(
          "needs a position of " + POSITION + ", not " + inputs.get(1));
    }
    if (height > in.height() || width > in.width()) {
      throw new InvalidArchitectureException(
          "a window of " + height + "x" + width + " does not fit " + in);
    }
    return new Shape(in.channels(), height, width);
  }
}
