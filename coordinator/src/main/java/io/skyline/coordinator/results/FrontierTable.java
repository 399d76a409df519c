package io.skyline.coordinator.results;

import io.skyline.coordinator.search.EmptyFrontier;
import io.skyline.coordinator.search.NearMiss;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.MetricText;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The frontier for a terminal: aligned columns, readable units, the best first. */
final class FrontierTable {
  private static final int NEAR_MISSES = 3;

  /** What is for tables that nobody reads from left to right. */
  private static final Set<Metric> LEFT_OUT =
      Set.of(
          Metric.TEST_ERROR,
          Metric.UNCOMPRESSED,
          Metric.UNCOMPRESSED_TEST_ERROR,
          Metric.SYNFLOW,
          Metric.JACOBIAN_COVARIANCE);

  private FrontierTable() {}

  static String of(SearchState state) {
    List<Trial> members = Members.bestFirst(state);
    if (members.isEmpty()) {
      return nothing(state);
    }
    List<Metric> metrics =
        Members.metrics(state).stream().filter(metric -> !LEFT_OUT.contains(metric)).toList();
    List<List<String>> rows = new ArrayList<>();
    rows.add(header(metrics));
    for (Trial member : members) {
      List<String> cells = new ArrayList<>();
      cells.add(Integer.toString(member.number()));
      metrics.forEach(metric -> cells.add(MetricText.readable(member.scorecard(), metric)));
      rows.add(cells);
    }
    StringBuilder text = new StringBuilder(TextTable.aligned(rows));
    if (rows.stream().flatMap(List::stream).anyMatch(cell -> cell.startsWith("~"))) {
      text.append("~ measured on a busy machine: low confidence\n");
    }
    return text.toString();
  }

  private static List<String> header(List<Metric> metrics) {
    List<String> cells = new ArrayList<>();
    cells.add("trial");
    metrics.forEach(metric -> cells.add(metric.word().replace('_', ' ')));
    return cells;
  }

  private static String nothing(SearchState state) {
    StringBuilder text = new StringBuilder("no model yet: " + EmptyFrontier.reason(state) + '\n');
    List<NearMiss> misses = state.nearestMisses(NEAR_MISSES);
    if (!misses.isEmpty()) {
      text.append("nearest misses:\n");
    }
    for (NearMiss miss : misses) {
      double percent = Math.ceil(100 * miss.violation());
      text.append(String.format(Locale.ROOT, "  %.0f %% over: ", percent));
      text.append(limited(state, miss.scorecard())).append('\n');
      text.append("    ").append(miss.genome()).append('\n');
    }
    return text.toString();
  }

  private static String limited(SearchState state, Scorecard scorecard) {
    return state.settings().goals().constraints().stream()
        .filter(constraint -> constraint.foreseen(scorecard).orElse(0) > 0)
        .map(
            constraint ->
                constraint.judged(scorecard).word()
                    + " "
                    + MetricText.readable(scorecard, constraint.judged(scorecard))
                    + ", limit "
                    + MetricText.readable(constraint.metric(), constraint.limit()))
        .collect(Collectors.joining("; "));
  }
}
