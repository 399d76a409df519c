package io.skyline.architecture;

import java.util.List;

/**
 * Where a map of scores, 1 x H x W, is large: the mean place of its cells, each weighed by its
 * softmax over all of them (the spatial soft-argmax of Levine et al. 2016, "End-to-End Training of
 * Deep Visuomotor Policies", section 4.1), as two numbers, rightwards and downwards.
 *
 * <p>Places are those of the cells' centres, from 0 at the map's left or upper border to 1 at the
 * opposite one, and then drawn apart about the middle: 0.5 + {@code spread} * (place - 0.5).
 *
 * @param spread 1 for places as they are; 1 / (1 - share) for the position of a {@link Glimpse}
 *     that sees that share of the rows and columns and is to have the place in its middle
 */
public record SoftArgmax(double spread) implements Layer {
  public SoftArgmax {
    if (!(spread > 0 && Double.isFinite(spread))) {
      throw new InvalidArchitectureException("needs a positive spread, not " + spread);
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    if (in.channels() != 1) {
      throw new InvalidArchitectureException("reads one map of scores, not " + in);
    }
    return Glimpse.POSITION;
  }

  /** The place of a row among so many, or of a column. */
  public double place(int index, int extent) {
    return 0.5 + spread * ((index + 0.5) / extent - 0.5);
  }
}
