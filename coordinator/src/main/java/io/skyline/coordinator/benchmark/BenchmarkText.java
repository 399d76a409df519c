package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.benchmark.SearchBenchmark.Result;
import io.skyline.coordinator.results.Csv;
import io.skyline.scorecard.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Results of a {@link SearchBenchmark} as text. Every controller is compared with the first one.
 */
public final class BenchmarkText {
  /** A difference of so many standard errors is called one. */
  private static final double SIGNIFICANT = 2;

  private BenchmarkText() {}

  /** A row for each controller, score and number of trials. */
  public static String csv(List<Result> results, int seeds) {
    StringBuilder csv = new StringBuilder();
    Csv.row(
        csv,
        List.of(
            "controller",
            "score",
            "trials",
            "seeds",
            "mean",
            "deviation",
            "standard_error",
            "difference",
            "difference_error"));
    for (Result result : results) {
      Spread difference = result.spread().minus(first(results, result).spread());
      boolean itself = first(results, result) == result;
      Csv.row(
          csv,
          List.of(
              result.controller(),
              result.score().name(),
              String.valueOf(result.trials()),
              String.valueOf(seeds),
              digits(result.spread().mean()),
              digits(result.spread().deviation()),
              digits(result.spread().error()),
              itself ? "" : digits(difference.mean()),
              itself ? "" : digits(difference.error())));
    }
    return csv.toString();
  }

  /** For each score a table with a row for each controller and a column for each checkpoint. */
  public static String tables(List<Result> results) {
    StringBuilder text = new StringBuilder();
    Set<TableScore> scores = new LinkedHashSet<>();
    results.forEach(result -> scores.add(result.score()));
    for (TableScore score : scores) {
      List<Result> own = results.stream().filter(r -> r.score() == score).toList();
      text.append(text.isEmpty() ? "" : "\n");
      text.append(score.name())
          .append(score.higherIsBetter() ? " (more is better)" : " (less is better)")
          .append(": mean +- deviation over the seeds (standard error)\n");
      text.append(TextTable.aligned(rows(own)));
      List<List<String>> differences = differences(own);
      if (differences.size() > 1) {
        text.append("\nless ").append(own.get(0).controller());
        text.append(": difference (standard error), judged from two standard errors on\n");
        text.append(TextTable.aligned(differences));
      }
    }
    return text.toString();
  }

  private static List<List<String>> rows(List<Result> results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(header(results));
    for (String controller : controllers(results)) {
      List<String> row = new ArrayList<>(List.of(controller));
      for (Result result : results) {
        if (result.controller().equals(controller)) {
          Spread spread = result.spread();
          row.add(
              "%s +- %s (%s)"
                  .formatted(
                      digits(spread.mean()), digits(spread.deviation()), digits(spread.error())));
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<List<String>> differences(List<Result> results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(header(results));
    List<String> controllers = List.copyOf(controllers(results));
    for (String controller : controllers.subList(1, controllers.size())) {
      List<String> row = new ArrayList<>(List.of(controller));
      for (Result result : results) {
        if (result.controller().equals(controller)) {
          row.add(verdict(result, first(results, result)));
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static String verdict(Result result, Result first) {
    Spread difference = result.spread().minus(first.spread());
    String text = "%s (%s)".formatted(digits(difference.mean()), digits(difference.error()));
    if (Math.abs(difference.mean()) <= SIGNIFICANT * difference.error()) {
      return text + "   same";
    }
    return text
        + (difference.mean() > 0 == result.score().higherIsBetter() ? " better" : "  worse");
  }

  /** What the first controller reached at the same score and checkpoint. */
  private static Result first(List<Result> results, Result result) {
    return results.stream()
        .filter(r -> r.score() == result.score() && r.trials() == result.trials())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> header(List<Result> results) {
    List<String> header = new ArrayList<>(List.of("trials"));
    Set<Integer> trials = new LinkedHashSet<>();
    results.forEach(result -> trials.add(result.trials()));
    trials.forEach(count -> header.add(String.valueOf(count)));
    return header;
  }

  private static Set<String> controllers(List<Result> results) {
    Set<String> controllers = new LinkedHashSet<>();
    results.forEach(result -> controllers.add(result.controller()));
    return controllers;
  }

  private static String digits(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
