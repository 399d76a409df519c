package io.skyline.scorecard;

/**
 * One measured or computed number.
 *
 * @param value in the metric's unit
 * @param tolerance relative half-width within which a repetition is expected to fall; 0 for exact
 *     numbers
 * @param confident false if the protocol could not take enough undisturbed windows
 */
public record Measurement(double value, double tolerance, boolean confident) {
  public Measurement {
    if (!Double.isFinite(value) || !(tolerance >= 0)) {
      throw new IllegalArgumentException("not a measurement: " + value + " +- " + tolerance);
    }
  }

  /** A number without noise. */
  public static Measurement exact(double value) {
    return new Measurement(value, 0, true);
  }
}
