package io.skyline.coordinator.evaluation;

import io.skyline.coordinator.search.Artifact;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.List;

/**
 * What a training gave, as another run may take it over: every number but those of a machine.
 *
 * @param source the trial that was trained: {@code fashion-1/7}
 * @param scorecard without latency and throughput; the seconds of training are those of then
 * @param artifacts its files
 */
public record Evaluation(String source, Scorecard scorecard, List<Artifact> artifacts) {
  public Evaluation {
    scorecard = withoutMachine(scorecard);
    artifacts = List.copyOf(artifacts);
  }

  private static Scorecard withoutMachine(Scorecard scorecard) {
    Scorecard kept = Scorecard.EMPTY;
    for (Metric metric : scorecard.measurements().keySet()) {
      if (metric != Metric.LATENCY && metric != Metric.THROUGHPUT) {
        kept = kept.with(metric, scorecard.measurements().get(metric));
      }
    }
    return kept;
  }
}
