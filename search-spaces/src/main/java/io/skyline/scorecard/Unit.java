package io.skyline.scorecard;

/** The unit in which a metric is kept; users write others, which {@link Quantity} converts. */
public enum Unit {
  /** A share of 1: accuracies. */
  FRACTION(""),
  /** A plain count. */
  COUNT(""),
  /** The unit of the number that a regression predicts, which users know. */
  TARGET(""),
  /** A number of no unit that may be negative: only its order matters. */
  SCORE(""),
  MICROSECONDS("us"),
  BYTES("bytes"),
  MICROJOULES("uJ"),
  SECONDS("s"),
  EXAMPLES_PER_SECOND("examples_per_s");

  private final String suffix;

  Unit(String suffix) {
    this.suffix = suffix;
  }

  /** What stands behind a column's name, such as {@code us} in {@code latency_us}; may be empty. */
  public String suffix() {
    return suffix;
  }

  /** The same as people write it, {@code us} or {@code examples/s}; may be empty. */
  public String symbol() {
    return suffix.replace("_per_", "/");
  }
}
