package io.skyline.scorecard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What each step of a model's recipe cost and gained.
 *
 * @param stages the network before the first step, then what each step left
 */
public record Waterfall(List<Stage> stages) {
  private static final List<Metric> COLUMNS =
      List.of(
          Metric.ACCURACY,
          Metric.MACRO_F1,
          Metric.MAE,
          Metric.R2,
          Metric.SIZE,
          Metric.DOWNLOAD,
          Metric.PARAMETERS,
          Metric.MACS,
          Metric.PEAK_MEMORY,
          Metric.LATENCY);

  /**
   * What a step left.
   *
   * @param step in words
   */
  public record Stage(String step, Scorecard scorecard) {}

  public Waterfall {
    stages = List.copyOf(stages);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a waterfall has a stage at least");
    }
  }

  /** One line a stage and, of several, one with the effect of all; cells flush right. */
  public String text() {
    List<Metric> metrics =
        COLUMNS.stream()
            .filter(metric -> stages.stream().anyMatch(stage -> has(stage, metric)))
            .toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("after"));
    metrics.forEach(metric -> header.add(metric.word().replace('_', ' ')));
    rows.add(header);
    for (Stage stage : stages) {
      List<String> row = new ArrayList<>(List.of(stage.step));
      metrics.forEach(metric -> row.add(MetricText.readable(stage.scorecard, metric)));
      rows.add(row);
    }
    if (stages.size() > 1) {
      List<String> effect = new ArrayList<>(List.of("in all"));
      metrics.forEach(metric -> effect.add(effect(metric)));
      rows.add(effect);
    }
    return TextTable.aligned(rows);
  }

  /** Whether every stage has a metric. */
  public boolean hasEverywhere(Metric metric) {
    return stages.stream().allMatch(stage -> has(stage, metric));
  }

  private static boolean has(Stage stage, Metric metric) {
    return stage.scorecard.measurements().containsKey(metric);
  }

  /** Points of a share, else by which factor the last is below the first. */
  private String effect(Metric metric) {
    Stage first = stages.get(0);
    Stage last = stages.get(stages.size() - 1);
    if (!has(first, metric) || !has(last, metric)) {
      return "";
    }
    double from = first.scorecard.value(metric).orElseThrow();
    double to = last.scorecard.value(metric).orElseThrow();
    if (metric.unit() == Unit.FRACTION) {
      return String.format(Locale.ROOT, "%+.2f points", 100 * (to - from));
    }
    return to / from > 0 ? String.format(Locale.ROOT, "/ %.3g", from / to) : "";
  }
}
