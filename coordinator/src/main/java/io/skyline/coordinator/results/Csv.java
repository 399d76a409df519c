package io.skyline.coordinator.results;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.HypervolumeCurve;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.MetricText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables {@code trials.csv} and {@code frontier.csv} (RFC 4180, but with plain line feeds).
 * Columns are {@link Metric#column}s in the metrics' units; a number that was not taken is empty.
 */
public final class Csv {
  /** Taken only with a device profile, where the runtime is tuned, and by a prefilter. */
  private static final Set<Metric> ON_REQUEST =
      Set.of(
          Metric.PREDICTED_LATENCY, Metric.THROUGHPUT, Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE);

  private Csv() {}

  /**
   * Every trial with the numbers of its training, by which the search was guided; refits and later
   * measurements stand with the frontier. {@code hypervolume} is that of the trials up to the
   * row's; {@code source} is the earlier run's trial whose training this was, empty if it was
   * trained here; there is no such column if all were. With rungs, {@code curve} has {@code
   * epochs:score} of each that was reached. Where weights are shared, what they had said of each
   * trial stands there too.
   */
  static String trials(SearchState state) {
    List<Metric> metrics = metrics(state).filter(metric -> !metric.isTest()).toList();
    double[] hypervolume = HypervolumeCurve.of(state.settings().goals(), state.trials());
    boolean rungs = state.settings().halving().isPresent();
    boolean recalled = state.counts().recalled() > 0;
    Optional<SharedScores> shared = SharedScores.of(state);
    List<String> last = new ArrayList<>(rungs ? List.of("epochs", "curve") : List.of());
    shared.ifPresent(scores -> last.add("shared_" + scores.metric().column()));
    last.addAll(List.of("hypervolume", "frontier", "failure"));
    if (recalled) {
      last.add("source");
    }
    StringBuilder csv = new StringBuilder();
    row(csv, header(List.of("trial", "step", "status"), metrics, last));
    for (Trial trial : state.trials()) {
      List<String> cells = new ArrayList<>();
      cells.add(Integer.toString(trial.number()));
      cells.add(Long.toString(trial.step()));
      cells.add(trial.status().name().toLowerCase(Locale.ROOT));
      metrics.forEach(metric -> cells.add(MetricText.exact(trial.trained(), metric)));
      if (rungs) {
        LearningCurve curve = LearningCurve.of(state, trial);
        cells.add(Integer.toString(curve.epochs()));
        cells.add(curve.text());
      }
      shared.ifPresent(scores -> cells.add(MetricText.exact(scores.of(trial), scores.metric())));
      cells.add(MetricText.exact(hypervolume[trial.number() - 1]));
      cells.add(Boolean.toString(state.frontier().contains(trial.number())));
      cells.add(trial.failure().map(why -> why.kind() + ": " + why.reason()).orElse(""));
      if (recalled) {
        cells.add(
            state
                .recalled(TaskId.train(trial.number()))
                .map(SearchEvent.Recalled::source)
                .orElse(""));
      }
      cells.add(trial.genome());
      row(csv, cells);
    }
    return csv.toString();
  }

  /**
   * The members, the best by the first objective first. Where every objective is deterministic,
   * only deterministic columns: the same seed then gives the same file, byte for byte.
   */
  static String frontier(SearchState state) {
    Goals goals = state.settings().goals();
    boolean repeatable =
        goals.objectives().stream().map(Objective::metric).allMatch(Metric::deterministic);
    List<Metric> metrics =
        metrics(state).filter(metric -> !repeatable || metric.deterministic()).toList();
    StringBuilder csv = new StringBuilder();
    row(csv, header(List.of("trial"), metrics, List.of()));
    for (Trial trial : Members.bestFirst(state)) {
      List<String> cells = new ArrayList<>();
      cells.add(Integer.toString(trial.number()));
      metrics.forEach(metric -> cells.add(MetricText.exact(trial.scorecard(), metric)));
      cells.add(trial.genome());
      row(csv, cells);
    }
    return csv.toString();
  }

  /** All but those of another task, and those on request, that no trial has. */
  private static Stream<Metric> metrics(SearchState state) {
    return Arrays.stream(Metric.values())
        .filter(
            metric ->
                metric.task().isEmpty() && !ON_REQUEST.contains(metric)
                    || state.settings().goals().mention(metric)
                    || state.trials().stream().anyMatch(trial -> has(trial, metric)));
  }

  private static boolean has(Trial trial, Metric metric) {
    return Stream.of(trial.scorecard(), trial.trained())
        .flatMap(card -> card.measurements().keySet().stream())
        .anyMatch(taken -> taken == metric || taken.onTest().equals(Optional.of(metric)));
  }

  private static List<String> header(List<String> first, List<Metric> metrics, List<String> last) {
    List<String> cells = new ArrayList<>(first);
    metrics.forEach(metric -> cells.add(metric.column()));
    cells.addAll(last);
    cells.add("genome");
    return cells;
  }

  /** Adds a row. */
  public static void row(StringBuilder csv, List<String> cells) {
    csv.append(cells.stream().map(Csv::quoted).collect(Collectors.joining(","))).append('\n');
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
