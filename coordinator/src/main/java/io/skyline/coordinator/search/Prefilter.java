package io.skyline.coordinator.search;

import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which proposals are trained, by scores of their untrained networks.
 *
 * @param scores that are computed of every proposal
 * @param keep at least this share of the proposals is trained
 * @param after so many trained trials; until then every proposal is trained
 */
public record Prefilter(List<Metric> scores, double keep, int after) {
  /** The scores that there are; of each, more promises more. */
  public static final List<Metric> ALL =
      List.of(Metric.PARAMETERS, Metric.MACS, Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE);

  /** The usual share. */
  public static final double USUAL_KEEP = 0.5;

  /** The usual number of trials from which a rank correlation is measured. */
  public static final int USUAL_AFTER = 20;

  public Prefilter {
    scores = List.copyOf(scores);
    if (scores.isEmpty() || !ALL.containsAll(scores)) {
      throw new IllegalArgumentException(scores + " are no scores of untrained networks");
    }
    if (!(keep > 0 && keep < 1) || after < 1) {
      throw new IllegalArgumentException("cannot keep %s after %d".formatted(keep, after));
    }
  }

  /** Whether a scorecard has all the scores. */
  public boolean isIn(Scorecard scorecard) {
    return scorecard.measurements().keySet().containsAll(scores);
  }

  /** The scores of a scorecard, and nothing else of it. */
  public Scorecard of(Scorecard scorecard) {
    Map<Metric, Measurement> measurements = new EnumMap<>(scorecard.measurements());
    measurements.keySet().retainAll(scores);
    return new Scorecard(measurements);
  }
}
