package io.skyline.coordinator.search;

import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Quantity;
import io.skyline.scorecard.Scorecard;
import java.util.OptionalDouble;

/**
 * A limit that a deployable model keeps.
 *
 * @param metric what is limited
 * @param bound whether the limit is the largest or the smallest value allowed
 * @param limit in the metric's unit
 */
public record Constraint(Metric metric, Bound bound, double limit) {
  public Constraint {
    if (!Double.isFinite(limit) || limit <= 0) {
      throw new IllegalArgumentException("a limit is a positive number, not " + limit);
    }
  }

  /** The side on which values are allowed. */
  public enum Bound {
    AT_MOST,
    AT_LEAST
  }

  /**
   * By how much a candidate breaks the limit for all that is known before training: where its
   * latency is limited and only foretold, by what it exceeds the limit even if the prediction is as
   * much too high as its tolerance says. Empty if nothing is known.
   */
  public OptionalDouble foreseen(Scorecard known) {
    Measurement predicted = known.measurements().get(Metric.PREDICTED_LATENCY);
    if (judged(known) == metric || predicted == null) {
      return violation(known);
    }
    double least = predicted.value() / (1 + predicted.tolerance());
    return OptionalDouble.of(Math.max(0, (least - limit) / limit));
  }

  /** The metric that {@link #foreseen} looks at: the limited one, or what stands in for it. */
  public Metric judged(Scorecard known) {
    Measurement predicted = known.measurements().get(Metric.PREDICTED_LATENCY);
    boolean standsIn =
        metric == Metric.LATENCY
            && bound == Bound.AT_MOST
            && known.value(metric).isEmpty()
            && predicted != null
            && predicted.confident();
    return standsIn ? Metric.PREDICTED_LATENCY : metric;
  }

  /**
   * By how much a scorecard breaks the limit, as a share of it: 0 if kept, .5 for half as much
   * again. Empty if the metric was not taken.
   */
  public OptionalDouble violation(Scorecard scorecard) {
    OptionalDouble value = scorecard.value(metric);
    if (value.isEmpty()) {
      return value;
    }
    double excess =
        bound == Bound.AT_MOST ? value.getAsDouble() - limit : limit - value.getAsDouble();
    return OptionalDouble.of(Math.max(0, excess / limit));
  }

  /** As in configs: {@code latency <= 400 us}. */
  public String text() {
    String sign = bound == Bound.AT_MOST ? "<=" : ">=";
    return metric.word() + " " + sign + " " + new Quantity(limit, metric.unit()).text();
  }
}
