package io.skyline.coordinator.rpc;

import io.skyline.coordinator.wire.Scorecards;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Screen;
import io.skyline.v1.Scored;
import io.skyline.v1.SeenScores;
import io.skyline.v1.Train;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link FakeWorker} says of a network before its training: synflow tells, the rest lies.
 */
final class FakeScores {
  private FakeScores() {}

  /** The scores that a task asks for. */
  static Scorecard of(Train task) {
    double accuracy = TinySearch.score(task.getGenome()).value(Metric.ACCURACY).orElseThrow();
    Scorecard scores = Scorecard.EMPTY;
    for (String word : task.getScoresList()) {
      Metric metric = Metric.of(word).orElseThrow();
      double value = metric == Metric.SYNFLOW ? 30 * accuracy : -accuracy;
      scores = scores.with(metric, Measurement.exact(value));
    }
    return scores;
  }

  /** The report of a network that does not pass the task's screen. */
  static Optional<Scored> screened(Train task) {
    Map<Metric, List<Double>> seen = new HashMap<>();
    for (SeenScores scores : task.getScreen().getSeenList()) {
      seen.put(Metric.of(scores.getMetric()).orElseThrow(), scores.getValuesList());
    }
    return new Screen(seen, task.getScreen().getLeast()).passes(of(task))
        ? Optional.empty()
        : Optional.of(
            Scored.newBuilder()
                .setScorecard(Scorecards.message(of(task)))
                .setScreened(true)
                .build());
  }
}
