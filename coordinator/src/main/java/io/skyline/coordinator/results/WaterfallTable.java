package io.skyline.coordinator.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What each step of a model's recipe cost and gained, and how it runs fastest, for a terminal, from
 * its card.
 */
public final class WaterfallTable {
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

  private WaterfallTable() {}

  /**
   * The table.
   *
   * @param card a file {@code card.json}
   * @throws IOException if it cannot be read as one
   */
  public static String of(Path card) throws IOException {
    JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(card));
    List<JsonNode> stages = new ArrayList<>();
    root.path("waterfall").forEach(stages::add);
    StringBuilder text = new StringBuilder();
    text.append("trial ").append(root.path("trial").asInt());
    text.append(": ").append(root.path("genome").asText()).append('\n');
    text.append("recipe: ").append(root.path("recipe").asText()).append('\n');
    if (stages.isEmpty()) {
      text.append("nothing was done to the network as it was trained:\n");
      stages.add(root.path("scorecard"));
    }
    List<Metric> metrics =
        COLUMNS.stream()
            .filter(m -> stages.stream().anyMatch(stage -> stage.has(m.word())))
            .toList();
    text.append(TextTable.aligned(rows(stages, metrics)));
    if (stages.stream().anyMatch(stage -> !stage.has(Metric.SIZE.word()))) {
      text.append("quality, size and latency in between are measured when a model is published\n");
    }
    if (root.has("runtime")) {
      text.append(runtime(root.path("runtime"))).append('\n');
    }
    return text.toString();
  }

  /** How the model runs fastest, of all that was tried. */
  private static String runtime(JsonNode runtime) {
    return String.format(
        Locale.ROOT,
        "fastest on %s: %s with %s, batch %d, %s (of %s tried)",
        counted(runtime.path("cores").asInt(), "core"),
        cell(runtime, Metric.THROUGHPUT),
        counted(runtime.path("threads").asInt(), "thread"),
        runtime.path("batch").asInt(),
        counted(runtime.path("streams").asInt(), "stream"),
        counted(runtime.path("tried").size(), "setting"));
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static List<List<String>> rows(List<JsonNode> stages, List<Metric> metrics) {
    List<List<String>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("after"));
    metrics.forEach(metric -> header.add(metric.word().replace('_', ' ')));
    rows.add(header);
    for (JsonNode stage : stages) {
      List<String> row = new ArrayList<>(List.of(stage.path("step").asText("trained")));
      metrics.forEach(metric -> row.add(cell(stage, metric)));
      rows.add(row);
    }
    if (stages.size() > 1) {
      List<String> effect = new ArrayList<>(List.of("in all"));
      metrics.forEach(m -> effect.add(effect(stages.get(0), stages.get(stages.size() - 1), m)));
      rows.add(effect);
    }
    return rows;
  }

  private static String cell(JsonNode stage, Metric metric) {
    JsonNode number = stage.path(metric.word());
    if (number.isMissingNode()) {
      return "";
    }
    boolean confident = number.path("confident").asBoolean(true);
    return (confident ? "" : "~") + MetricText.readable(metric, number.path("value").asDouble());
  }

  /** Points of a share, else by which factor the last is below the first. */
  private static String effect(JsonNode first, JsonNode last, Metric metric) {
    JsonNode from = first.path(metric.word()).path("value");
    JsonNode to = last.path(metric.word()).path("value");
    if (from.isMissingNode() || to.isMissingNode()) {
      return "";
    }
    if (metric.unit() == Unit.FRACTION) {
      double points = 100 * (to.asDouble() - from.asDouble());
      return String.format(Locale.ROOT, "%+.2f points", points);
    }
    double share = to.asDouble() / from.asDouble();
    return share > 0 ? String.format(Locale.ROOT, "/ %.3g", 1 / share) : "";
  }
}
