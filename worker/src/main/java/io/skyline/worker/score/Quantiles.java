package io.skyline.worker.score;

/** Quantiles of what was measured, between neighbours by a straight line. */
final class Quantiles {
  private Quantiles() {}

  /**
   * @param sorted at least one value, in ascending order
   * @param share 0 for the least, 1 for the largest
   */
  static double of(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The distance of the quartiles as a share of the median. */
  static double spread(double[] sorted) {
    return (of(sorted, 0.75) - of(sorted, 0.25)) / of(sorted, 0.5);
  }
}
