package io.skyline.coordinator.results;

import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The frontier's members in the order, and with the columns, in which people see them. */
final class Members {
  private Members() {}

  /** By the first objective, the best first, then by number. */
  static List<Trial> bestFirst(SearchState state) {
    Objective first = state.settings().goals().objectives().get(0);
    List<Trial> members = new ArrayList<>(state.frontier().members());
    members.sort(
        Comparator.<Trial>comparingDouble(
                trial -> {
                  double value = trial.scorecard().value(first.metric()).orElse(Double.NaN);
                  return first.metric().higherIsBetter() ? -value : value;
                })
            .thenComparingInt(Trial::number));
    return members;
  }

  /** The metrics that some member has: objectives first, in their order, then the others. */
  static List<Metric> metrics(SearchState state) {
    Set<Metric> metrics = new LinkedHashSet<>();
    state.settings().goals().objectives().forEach(objective -> metrics.add(objective.metric()));
    Set<Metric> taken = new LinkedHashSet<>();
    state.frontier().members().forEach(t -> taken.addAll(t.scorecard().measurements().keySet()));
    Arrays.stream(Metric.values()).filter(taken::contains).forEach(metrics::add);
    return List.copyOf(metrics);
  }
}
