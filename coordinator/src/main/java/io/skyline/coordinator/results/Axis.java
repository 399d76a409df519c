package io.skyline.coordinator.results;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values to a share of an axis, linearly or by logarithm, and knows where its ticks are.
 *
 * @param low value at 0
 * @param high value at 1; above {@code low}
 * @param binary whether round values are powers of two, as for bytes, or decimal
 */
record Axis(double low, double high, boolean logarithmic, boolean binary) {
  private static final double WIDE = 20;
  private static final double MARGIN = .06;
  private static final int INTERVALS = 5;
  private static final int MOST_TICKS = 8;

  /** An axis with a little room around the values; logarithmic if they span more than 20-fold. */
  static Axis around(double[] values, boolean binary) {
    if (values.length == 0) {
      return new Axis(0, 1, false, binary);
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (least > 0 && most / least > WIDE) {
      double room = Math.pow(most / least, MARGIN);
      return new Axis(least / room, most * room, true, binary);
    }
    double span = most > least ? most - least : Math.max(Math.abs(most), 1) * .1;
    return new Axis(least - MARGIN * span, most + MARGIN * span, false, binary);
  }

  /** A linear axis from 0 to a count. */
  static Axis counting(int count) {
    return new Axis(0, Math.max(1, count), false, false);
  }

  double share(double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** Round values along the axis, in order. */
  List<Double> ticks() {
    if (!logarithmic) {
      return multiples(step());
    }
    return binary ? powersOfTwo() : decades();
  }

  private double step() {
    double raw = (high - low) / INTERVALS;
    if (binary) {
      return Math.pow(2, Math.round(Math.log(raw) / Math.log(2)));
    }
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
  }

  private List<Double> multiples(double step) {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> powersOfTwo() {
    double doublings = Math.log(high / low) / Math.log(2);
    int stride = Math.max(1, (int) Math.ceil(doublings / MOST_TICKS));
    int first = (int) Math.ceil(Math.log(low) / Math.log(2) / stride) * stride;
    List<Double> ticks = new ArrayList<>();
    for (int p = first; Math.pow(2, p) <= high; p += stride) {
      ticks.add(Math.pow(2, p));
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
