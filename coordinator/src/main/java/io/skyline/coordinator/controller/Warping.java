package io.skyline.coordinator.controller;

import java.util.Arrays;

/**
 * A rising function of a cost under which its values look more like a Gaussian process: linear, or
 * the logarithm of the distance from a point below the least (a shifted Box-Cox transformation of
 * exponent 0). Below the least value that it was fitted to the logarithm goes on as its tangent:
 * what is better than all that was seen stays ordered, wherever the origin is.
 *
 * @param origin where it is zero, or the logarithm's argument is
 * @param unit divides the distance from there
 * @param edge the distance, in units, from which on it is a logarithm; 0 if it is linear
 */
record Warping(double origin, double unit, double edge) {
  /** Distances of the origin below the least value, in units of the values' mean height over it. */
  private static final double[] SHIFTS = {.1, .3, 1, 3};

  /** Values closer to each other, as a share of the least one, differ by rounding. */
  private static final double ROUNDING = 1e-9;

  static Warping linear(double origin, double unit) {
    return new Warping(origin, unit, 0);
  }

  /** The most likely one for values at these genomes, under a kernel. */
  static Warping of(double[] values, Likelihood likelihood) {
    double least = Arrays.stream(values).min().orElse(0);
    double height = Arrays.stream(values).average().orElse(0) - least;
    double unit = height > ROUNDING * Math.abs(least) ? height : 1;
    Warping best = linear(least, unit);
    double most = best.logDensity(values, likelihood);
    for (double shift : SHIFTS) {
      Warping warping = new Warping(least - shift * unit, unit, shift);
      double density = warping.logDensity(values, likelihood);
      if (density > most) {
        most = density;
        best = warping;
      }
    }
    return best;
  }

  /** Whether it is a logarithm, not linear. */
  boolean logarithmic() {
    return edge > 0;
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
      sum -= StrictMath.log(logarithmic() ? value - origin : unit);
    }
    return sum;
  }

  double of(double value) {
    double distance = (value - origin) / unit;
    if (!logarithmic()) {
      return distance;
    }
    return distance >= edge ? StrictMath.log(distance) : StrictMath.log(edge) + distance / edge - 1;
  }

  double[] of(double[] values) {
    return Arrays.stream(values).map(this::of).toArray();
  }
}
