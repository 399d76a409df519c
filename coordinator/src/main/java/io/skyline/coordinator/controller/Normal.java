package io.skyline.coordinator.controller;

/** The standard normal distribution. */
final class Normal {
  private Normal() {}

  static double density(double z) {
    return StrictMath.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The chance of a value below, to 6e-8, and to 1.2e-7 of itself in the lower tail (Press et al.,
   * "Numerical Recipes in C", 1992, section 6.2: erfc by a Chebyshev fit of Hankin's form).
   */
  static double cumulative(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + .5 * x);
    double fit = .17087277;
    for (double coefficient : FIT) {
      fit = coefficient + t * fit;
    }
    double tail = .5 * t * StrictMath.exp(-x * x + fit);
    return z > 0 ? 1 - tail : tail;
  }

  /**
   * By how much a value of this mean and deviation is expected to lie below each level, counting 0
   * where it lies above: E[max(0, level - value)].
   */
  static double[] expectedGains(double[] levels, double mean, double deviation) {
    double[] gains = new double[levels.length];
    for (int i = 0; i < gains.length; i++) {
      double z = (levels[i] - mean) / deviation;
      gains[i] = deviation * (z * cumulative(z) + density(z));
    }
    return gains;
  }

  private static final double[] FIT = {
    -.82215223,
    1.48851587,
    -1.13520398,
    .27886807,
    -.18628806,
    .09678418,
    .37409196,
    1.00002368,
    -1.26551223
  };
}
