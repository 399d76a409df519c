package io.skyline.coordinator.controller;

import java.util.Arrays;

/**
 * A rising function of a cost under which its values look more like a Gaussian process: linear, or
 * the logarithm of the distance from a point below the least (a shifted Box-Cox transformation of
 * exponent 0).
 *
 * @param origin where it is zero, or the logarithm's argument is
 * @param unit divides the distance from there
 * @param logarithmic whether it is a logarithm
 */
record Warping(double origin, double unit, boolean logarithmic) {
  /** Distances of the origin below the least value, in units of the values' mean height over it. */
  private static final double[] SHIFTS = {.1, .3, 1, 3};

  private static final double TINY = 1e-6;

  /** The most likely one for values at these genomes, under a kernel. */
  static Warping of(double[] values, Likelihood likelihood) {
    double least = Arrays.stream(values).min().orElse(0);
    double height = Arrays.stream(values).average().orElse(0) - least;
    double unit = height > 0 ? height : 1;
    Warping best = new Warping(least, unit, false);
    double most = best.logDensity(values, likelihood);
    for (double shift : SHIFTS) {
      Warping warping = new Warping(least - shift * unit, unit, true);
      double density = warping.logDensity(values, likelihood);
      if (density > most) {
        most = density;
        best = warping;
      }
    }
    return best;
  }

  /** The logarithm of the likelihood of warped values. */
  @FunctionalInterface
  interface Likelihood {
    double of(double[] warped);
  }

  /** Of the values themselves: the density of the warped ones times the warping's slopes. */
  private double logDensity(double[] values, Likelihood likelihood) {
    double sum = likelihood.of(of(values));
    for (double value : values) {
      sum -= StrictMath.log(logarithmic ? value - origin : unit);
    }
    return sum;
  }

  double of(double value) {
    double distance = (value - origin) / unit;
    return logarithmic ? StrictMath.log(Math.max(distance, TINY)) : distance;
  }

  double[] of(double[] values) {
    return Arrays.stream(values).map(this::of).toArray();
  }

  /**
   * By how much a warped value that is normally distributed is expected to lie below each of some
   * warped levels, counting 0 where it lies above: E[max(0, level - value)].
   */
  static double[] expectedGains(double[] levels, double mean, double deviation) {
    double[] gains = new double[levels.length];
    for (int i = 0; i < gains.length; i++) {
      double z = (levels[i] - mean) / deviation;
      gains[i] = deviation * (z * Normal.cumulative(z) + Normal.density(z));
    }
    return gains;
  }
}
