package io.skyline.coordinator.search;

import io.skyline.scorecard.Metric;

/** A metric that a search drives in its better direction. */
public record Objective(Metric metric) {
  /** Width of a cell of the logarithmic grid on which measured times are compared. */
  private static final double GRID = StrictMath.log(1.05);

  /** As in configs: {@code maximize accuracy}. */
  public String text() {
    return (metric.higherIsBetter() ? "maximize " : "minimize ") + metric.word();
  }

  /**
   * A value as a cost to be made small.
   *
   * <p>What is measured by time is rounded to the middle of its cell on a 5 % logarithmic grid, so
   * that noise neither buys a place on the frontier nor costs one. Comparing cells, and not values
   * within a tolerance, keeps dominance transitive: it is the product order of rounded numbers.
   */
  public double cost(double value) {
    double rounded = metric.deterministic() || value <= 0 ? value : middleOfCell(value);
    return metric.higherIsBetter() ? -rounded : rounded;
  }

  private static double middleOfCell(double value) {
    // StrictMath: the same cell on every machine
    return StrictMath.exp(GRID * (StrictMath.floor(StrictMath.log(value) / GRID) + .5));
  }
}
