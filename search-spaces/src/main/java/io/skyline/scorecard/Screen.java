package io.skyline.scorecard;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says by its scores whether an untrained network is worth training: if the mean of its ranks among
 * networks that were seen before is high enough.
 *
 * @param seen each score of those networks; of none, everything passes
 * @param least the mean rank from which on a network passes, 0 to 1
 */
public record Screen(Map<Metric, List<Double>> seen, double least) {
  /** Lets everything pass. */
  public static final Screen OPEN = new Screen(Map.of(), 0);

  public Screen {
    Map<Metric, List<Double>> copy = new LinkedHashMap<>();
    seen.forEach((score, values) -> copy.put(score, List.copyOf(values)));
    seen = Collections.unmodifiableMap(copy);
  }

  /**
   * Where a network stands among those that were seen: the share with a lower score, equal ones
   * counted by half; the mean over the scores.
   *
   * @return 0 for the worst to 1 for the best
   * @throws java.util.NoSuchElementException if one of the scores was not taken
   */
  public double rank(Scorecard scores) {
    double sum = 0;
    for (Map.Entry<Metric, List<Double>> score : seen.entrySet()) {
      double value = scores.value(score.getKey()).orElseThrow();
      double below = 0;
      for (double other : score.getValue()) {
        below += other < value ? 1 : other == value ? 0.5 : 0;
      }
      sum += below / score.getValue().size();
    }
    return sum / seen.size();
  }

  /** Whether a network with these scores is worth training. */
  public boolean passes(Scorecard scores) {
    return seen.isEmpty() || rank(scores) >= least;
  }
}
