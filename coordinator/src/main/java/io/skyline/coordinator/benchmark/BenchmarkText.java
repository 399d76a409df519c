package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.benchmark.SearchBenchmark.Result;
import io.skyline.coordinator.results.Csv;
import io.skyline.scorecard.TextTable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Results of a {@link SearchBenchmark} as text. Every controller is compared with the first one.
 */
public final class BenchmarkText {
  /** A difference of so many standard errors is called one. */
  private static final double SIGNIFICANT = 2;

  private BenchmarkText() {}

  /** A row for each controller, score and number of trials, with all digits. */
  public static String csv(List<Result> results) {
    StringBuilder csv = new StringBuilder();
    Csv.row(
        csv,
        List.of(
            "controller",
            "score",
            "trials",
            "seeds",
            "found",
            "mean",
            "deviation",
            "standard_error",
            "difference",
            "difference_error"));
    for (Result result : results) {
      Result first = first(results, result);
      Spread difference = result.minus(first);
      boolean itself = first == result;
      Csv.row(
          csv,
          List.of(
              result.controller(),
              result.score().name(),
              String.valueOf(result.trials()),
              String.valueOf(result.values().size()),
              exact(result.found()),
              exact(result.spread().mean()),
              exact(result.spread().deviation()),
              exact(result.spread().error()),
              itself ? "" : exact(difference.mean()),
              itself ? "" : exact(difference.error())));
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
          .append(direction(score))
          .append(": mean +- deviation over the seeds (standard error)\n");
      text.append(TextTable.aligned(rows(own)));
      List<List<String>> differences = differences(own);
      if (differences.size() > 1) {
        text.append("\nless ").append(own.get(0).controller());
        text.append(": difference seed by seed (standard error)");
        text.append(judged(own) ? ", judged from two standard errors on\n" : "\n");
        text.append(TextTable.aligned(differences));
      }
      own.stream().filter(r -> r.found() < r.trials()).forEach(r -> text.append(shortage(r)));
    }
    return text.toString();
  }

  private static String direction(TableScore score) {
    return score
        .higherIsBetter()
        .map(higher -> higher ? " (more is better)" : " (less is better)")
        .orElse("");
  }

  private static String shortage(Result result) {
    return "%s found no more than %s networks at %d trials, on average\n"
        .formatted(
            result.controller(),
            String.format(Locale.ROOT, "%.1f", result.found()),
            result.trials());
  }

  /** Whether differences may be called better or worse: a single seed has no error. */
  private static boolean judged(List<Result> results) {
    Result any = results.get(0);
    return any.score().higherIsBetter().isPresent() && any.values().size() > 1;
  }

  private static List<List<String>> rows(List<Result> results) {
    int decimals = decimals(results);
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
                      digits(spread.mean(), decimals),
                      digits(spread.deviation(), decimals),
                      digits(spread.error(), decimals)));
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
          row.add(verdict(result.minus(first(results, result)), results));
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static String verdict(Spread difference, List<Result> results) {
    int decimals = decimals(results);
    String text =
        "%s (%s)"
            .formatted(digits(difference.mean(), decimals), digits(difference.error(), decimals));
    Optional<Boolean> higherIsBetter = results.get(0).score().higherIsBetter();
    if (!judged(results) || higherIsBetter.isEmpty()) {
      return text;
    }
    if (Math.abs(difference.mean()) <= SIGNIFICANT * difference.error()) {
      return text + "   same";
    }
    return text + (difference.mean() > 0 == higherIsBetter.get() ? " better" : "  worse");
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

  /** Enough for four digits of the largest mean, and two of the least error, within reason. */
  private static int decimals(List<Result> results) {
    int ofMeans = Integer.MIN_VALUE;
    int ofErrors = Integer.MAX_VALUE;
    for (Result result : results) {
      double mean = Math.abs(result.spread().mean());
      double error = result.spread().error();
      ofMeans = mean > 0 ? Math.max(ofMeans, exponent(mean)) : ofMeans;
      ofErrors = error > 0 ? Math.min(ofErrors, exponent(error)) : ofErrors;
    }
    int digits = ofMeans == Integer.MIN_VALUE ? 4 : 3 - ofMeans;
    int wanted = ofErrors == Integer.MAX_VALUE ? digits : Math.max(digits, 1 - ofErrors);
    return Math.max(0, Math.min(wanted, digits + 3));
  }

  /** Of the power of ten that a positive number begins with. */
  private static int exponent(double value) {
    return (int) Math.floor(Math.log10(value));
  }

  /** For CSV: all digits that a double has for sure. */
  private static String exact(double value) {
    BigDecimal shown = new BigDecimal(value).round(new MathContext(15));
    return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
  }

  private static String digits(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
