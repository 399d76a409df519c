package io.skyline.coordinator.results;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values to a share of an axis, linearly or by logarithm, and knows where its ticks are.
 *
 * @param low value at 0
 * @param high value at 1; above {@code low}
 */
record Axis(double low, double high, boolean logarithmic) {
  private static final double WIDE = 20;
  private static final double MARGIN = .06;
  private static final int INTERVALS = 5;

  /** An axis with a little room around the values; logarithmic if they span more than 20-fold. */
  static Axis around(double[] values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (values.length == 0) {
      return new Axis(0, 1, false);
    }
    if (least > 0 && most / least > WIDE) {
      double room = Math.pow(most / least, MARGIN);
      return new Axis(least / room, most * room, true);
    }
    double span = most > least ? most - least : Math.max(Math.abs(most), 1) * .1;
    return new Axis(least - MARGIN * span, most + MARGIN * span, false);
  }

  double share(double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** Round values along the axis, in order. */
  List<Double> ticks() {
    return logarithmic ? decades() : steps();
  }

  private List<Double> steps() {
    double raw = (high - low) / INTERVALS;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step =
        power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> decades() {
    int[] digits = high / low > 1e4 ? new int[] {1} : new int[] {1, 2, 5};
    List<Double> ticks = new ArrayList<>();
    for (int p = (int) Math.floor(Math.log10(low)); p <= Math.log10(high); p++) {
      for (int digit : digits) {
        double tick = digit * Math.pow(10, p);
        if (tick >= low && tick <= high) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
