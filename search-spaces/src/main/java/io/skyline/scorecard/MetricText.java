package io.skyline.scorecard;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** A metric's value as text: exact for files, short for people. */
public final class MetricText {
  private static final MathContext PRECISION = new MathContext(7);
  private static final MathContext SMALL = new MathContext(2);

  private MetricText() {}

  /** For CSV, in the metric's unit: whole numbers in full, others with seven digits. */
  public static String exact(double value) {
    BigDecimal decimal = new BigDecimal(value); // not Double.toString, which changed in JDK 19
    BigDecimal shown = value == Math.rint(value) ? decimal : decimal.round(PRECISION);
    return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
  }

  /** The same for a metric of a scorecard; empty if it was not taken. */
  public static String exact(Scorecard scorecard, Metric metric) {
    Measurement measurement = scorecard.measurements().get(metric);
    return measurement == null ? "" : exact(measurement.value());
  }

  /** For people: {@code 89.25 %}, {@code 23.4 KiB}; a value without confidence has a {@code ~}. */
  public static String readable(Scorecard scorecard, Metric metric) {
    Measurement measurement = scorecard.measurements().get(metric);
    if (measurement == null) {
      return "";
    }
    return (measurement.confident() ? "" : "~") + readable(metric, measurement.value());
  }

  /** For people, of a value that was taken. */
  public static String readable(Metric metric, double value) {
    return switch (metric.unit()) {
      case FRACTION -> String.format(Locale.ROOT, "%.2f %%", 100 * value);
      case COUNT -> scaled(value, 1000, "", " k", " M", " G");
      case TARGET, SCORE -> digits(value);
      case BYTES -> scaled(value, 1024, " B", " KiB", " MiB", " GiB");
      case MICROSECONDS -> scaled(value, 1000, " us", " ms", " s");
      case MICROJOULES -> scaled(value, 1000, " uJ", " mJ", " J");
      case SECONDS -> digits(value) + " s";
      case EXAMPLES_PER_SECOND -> scaled(value, 1000, " /s", " k/s", " M/s", " G/s");
    };
  }

  /** A round value on an axis: {@code 88 %}, {@code 16 KiB}, {@code 1 ms}. */
  public static String tick(Metric metric, double value) {
    return readable(metric, value).replaceFirst("\\.0+ ", " ");
  }

  private static String scaled(double value, int base, String... units) {
    double scaled = value;
    int unit = 0;
    while (Math.abs(scaled) >= base && unit < units.length - 1) {
      scaled /= base;
      unit++;
    }
    return digits(scaled) + units[unit];
  }

  /** Two or three digits, never in scientific notation. */
  private static String digits(double value) {
    double size = Math.abs(value);
    if ((value == Math.rint(value) && size < 1e6) || size >= 100) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    if (size < .1) {
      return new BigDecimal(value).round(SMALL).toPlainString();
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
  }
}
