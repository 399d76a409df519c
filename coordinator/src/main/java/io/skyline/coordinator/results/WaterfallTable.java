package io.skyline.coordinator.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.scorecard.FastestSetting;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Waterfall;
import io.skyline.scorecard.Waterfall.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What each step of a model's recipe cost and gained, and how it runs fastest, for a terminal, from
 * its card.
 */
public final class WaterfallTable {
  private WaterfallTable() {}

  /**
   * The table.
   *
   * @param card a file {@code card.json}
   * @throws IOException if it cannot be read as one
   */
  public static String of(Path card) throws IOException {
    JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(card));
    StringBuilder text = new StringBuilder();
    text.append("trial ").append(root.path("trial").asInt());
    text.append(": ").append(root.path("genome").asText()).append('\n');
    text.append("recipe: ").append(root.path("recipe").asText()).append('\n');
    List<Stage> stages = new ArrayList<>();
    root.path("waterfall").forEach(stage -> stages.add(stage(stage)));
    if (stages.isEmpty()) {
      text.append("nothing was done to the network as it was trained:\n");
      stages.add(stage(root.path("scorecard")));
    }
    Waterfall waterfall = new Waterfall(stages);
    text.append(waterfall.text());
    if (!waterfall.hasEverywhere(Metric.SIZE)) {
      text.append("quality, size and latency in between are measured when a model is published\n");
    }
    if (root.has("runtime")) {
      text.append(fastest(root.path("runtime")).text()).append('\n');
    }
    return text.toString();
  }

  private static Stage stage(JsonNode stage) {
    Scorecard scorecard = Scorecard.EMPTY;
    for (Metric metric : Metric.values()) {
      if (stage.has(metric.word())) {
        scorecard = scorecard.with(metric, measurement(stage.path(metric.word())));
      }
    }
    return new Stage(stage.path("step").asText("trained"), scorecard);
  }

  private static Measurement measurement(JsonNode number) {
    return new Measurement(
        number.path("value").asDouble(), 0, number.path("confident").asBoolean(true));
  }

  /** How the model runs fastest, of all that was tried. */
  private static FastestSetting fastest(JsonNode runtime) {
    return new FastestSetting(
        runtime.path("cores").asInt(),
        runtime.path("threads").asInt(),
        runtime.path("batch").asInt(),
        runtime.path("streams").asInt(),
        runtime.path("tried").size(),
        measurement(runtime.path(Metric.THROUGHPUT.word())));
  }
}
