package io.skyline.coordinator.search;

import io.skyline.scorecard.Metric;

/** A metric that a search drives in its better direction. */
public record Objective(Metric metric) {
  /** As in configs: {@code maximize accuracy}. */
  public String text() {
    return (metric.higherIsBetter() ? "maximize " : "minimize ") + metric.word();
  }
}
