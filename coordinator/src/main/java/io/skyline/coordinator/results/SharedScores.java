package io.skyline.coordinator.results;

import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Sharing;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Quantity;
import io.skyline.scorecard.RankCorrelation;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What shared weights had said of each trial, beside what it came to when it was trained by itself.
 *
 * @param metric of quality that leads the search
 * @param byGenome that candidate's quality with shared weights
 */
record SharedScores(Metric metric, Map<String, Scorecard> byGenome) {
  /** Those of a search; empty if every network had weights of its own. */
  static Optional<SharedScores> of(SearchState state) {
    if (state.settings().sharing().isEmpty()) {
      return Optional.empty();
    }
    Optional<Metric> leading =
        state.settings().goals().objectives().stream()
            .map(Objective::metric)
            .filter(metric -> metric.task().isPresent())
            .findFirst();
    Map<String, Scorecard> scores = new HashMap<>();
    for (Sharing.Candidate candidate : state.sharing().candidates()) {
      candidate.quality().ifPresent(quality -> scores.put(candidate.genome(), quality));
    }
    return leading.map(metric -> new SharedScores(metric, scores));
  }

  /** What shared weights had said of a trial. */
  Scorecard of(Trial trial) {
    return byGenome.getOrDefault(trial.genome(), Scorecard.EMPTY);
  }

  /** Spearman's correlation over the scored trials. */
  OptionalDouble correlation(SearchState state) {
    List<Double> shared = new ArrayList<>();
    List<Double> own = new ArrayList<>();
    for (Trial trial : state.trials()) {
      OptionalDouble one = of(trial).value(metric);
      OptionalDouble other = trial.trained().value(metric);
      if (one.isPresent() && other.isPresent()) {
        shared.add(one.getAsDouble());
        own.add(other.getAsDouble());
      }
    }
    return RankCorrelation.of(shared, own);
  }

  /** What was done with shared weights, and how far they can be trusted, in a sentence or two. */
  String summary(SearchState state) {
    Sharing sharing = state.sharing();
    Sharing.Traffic traffic = sharing.traffic();
    String text =
        String.format(
            Locale.ROOT,
            "%,d steps with shared weights and %,d candidates scored with them; workers fetched %s"
                + " and sent %s.",
            sharing.merged(),
            sharing.settled(),
            bytes(traffic.fetched()),
            bytes(traffic.sent()));
    OptionalDouble correlation = correlation(state);
    return correlation.isEmpty()
        ? text
        : text
            + String.format(
                Locale.ROOT,
                " Rank correlation of %s with shared weights and from scratch, over %,d trials:"
                    + " %.2f.",
                metric.word().replace('_', ' '),
                state.counts().scored(),
                correlation.getAsDouble());
  }

  private static String bytes(long bytes) {
    return new Quantity(bytes, Unit.BYTES).text();
  }
}
