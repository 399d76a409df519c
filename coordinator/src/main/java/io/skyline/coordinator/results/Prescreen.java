package io.skyline.coordinator.results;

import io.skyline.coordinator.search.Screening;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What a prefilter did in a run, and how well its scores ranked what was trained. */
final class Prescreen {
  private Prescreen() {}

  /** One line or two for a person; empty if there was no prefilter. */
  static Optional<String> summary(SearchState state) {
    return state.settings().prefilter().isEmpty() ? Optional.empty() : Optional.of(text(state));
  }

  private static String text(SearchState state) {
    List<Trial> trained =
        state.trials().stream().filter(trial -> trial.status() == Trial.Status.SCORED).toList();
    Metric quality = Screening.quality(state.settings().goals()).orElseThrow();
    String text =
        String.format(
            Locale.ROOT,
            "Prefilter: %,d of %,d proposals were screened out.",
            state.counts().screened(),
            state.counts().proposed());
    if (trained.size() < 3) {
      return text;
    }
    String correlations =
        Screening.correlations(state.settings(), trained).entrySet().stream()
            .map(entry -> words(entry.getKey()) + " " + text(entry.getValue()))
            .collect(Collectors.joining(", "));
    return text
        + String.format(
            Locale.ROOT,
            " Rank correlation with %s over %,d trials, followed from %.2f on: %s.",
            words(quality),
            trained.size(),
            Screening.leastCorrelation(trained.size()),
            correlations);
  }

  private static String text(OptionalDouble correlation) {
    return correlation.isPresent()
        ? String.format(Locale.ROOT, "%.2f", correlation.getAsDouble())
        : "none";
  }

  private static String words(Metric metric) {
    return metric.word().replace('_', ' ');
  }
}
