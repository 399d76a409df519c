package io.skyline.worker.cli;

import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.trial.RecipeApplication.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What each step of a recipe left, as a table for a terminal. */
final class WaterfallText {
  private static final List<Metric> COLUMNS =
      List.of(
          Metric.ACCURACY,
          Metric.MAE,
          Metric.R2,
          Metric.SIZE,
          Metric.DOWNLOAD,
          Metric.PARAMETERS,
          Metric.MACS,
          Metric.PEAK_MEMORY,
          Metric.LATENCY);

  private WaterfallText() {}

  /** One line a step, cells flush right; a value of little confidence begins with {@code ~}. */
  static String of(List<Row> rows) {
    List<Metric> metrics =
        COLUMNS.stream()
            .filter(m -> rows.get(0).scorecard().measurements().containsKey(m))
            .toList();
    List<List<String>> table = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("after"));
    metrics.forEach(metric -> header.add(metric.word().replace('_', ' ')));
    table.add(header);
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.step()));
      metrics.forEach(metric -> cells.add(cell(row.scorecard(), metric)));
      table.add(cells);
    }
    return aligned(table);
  }

  private static String cell(Scorecard scorecard, Metric metric) {
    Measurement measurement = scorecard.measurements().get(metric);
    if (measurement == null) {
      return "";
    }
    double value = measurement.value();
    String text =
        switch (metric.unit()) {
          case FRACTION -> String.format(Locale.ROOT, "%.2f %%", 100 * value);
          case BYTES -> scaled(value, 1024, " B", " KiB", " MiB", " GiB");
          case COUNT -> scaled(value, 1000, "", " k", " M", " G");
          case MICROSECONDS -> scaled(value, 1000, " us", " ms", " s");
          default -> String.format(Locale.ROOT, "%.4g", value);
        };
    return (measurement.confident() ? "" : "~") + text;
  }

  private static String scaled(double value, int base, String... units) {
    double scaled = value;
    int unit = 0;
    while (scaled >= base && unit < units.length - 1) {
      scaled /= base;
      unit++;
    }
    return String.format(Locale.ROOT, scaled >= 100 ? "%.0f%s" : "%.1f%s", scaled, units[unit]);
  }

  private static String aligned(List<List<String>> table) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : table) {
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = table.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
        text.append(column == 0 ? "" : "  ");
        text.append(" ".repeat(width - row.get(column).length())).append(row.get(column));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }
}
