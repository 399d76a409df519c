package io.skyline.worker.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Metric;
import io.skyline.worker.score.ReferenceTime;
import io.skyline.worker.score.RuntimeFigures;
import io.skyline.worker.score.RuntimeTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The {@code runtime} of a card, and the file that takes it there: the best setting, its
 * throughput, and every setting that was tried with its median and in how many rounds it was
 * measured before it fell behind.
 */
final class RuntimeJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RuntimeJson() {}

  static ObjectNode of(RuntimeTuning tuning) {
    ObjectNode node = JSON.createObjectNode();
    RuntimeFigures best = tuning.best();
    write(node, best);
    ScorecardJson.write(
        node.putObject(Metric.THROUGHPUT.word()), Metric.THROUGHPUT, tuning.throughput());
    node.put("cores", tuning.cores());
    node.put("processor", ReferenceTime.processor());
    node.put("runtime", "ONNX Runtime " + ReferenceTime.runtime());
    for (RuntimeFigures figures : tuning.tried()) {
      ObjectNode tried = node.withArray("tried").addObject();
      write(tried, figures);
      tried.put(Metric.THROUGHPUT.column(), figures.median());
      tried.put("rounds", figures.rounds());
    }
    return node;
  }

  private static void write(ObjectNode node, RuntimeFigures figures) {
    node.put("threads", figures.setting().threads());
    node.put("batch", figures.setting().batch());
    node.put("streams", figures.setting().streams());
  }

  /**
   * Reads the file.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if it is none
   */
  static JsonNode read(Path file) throws IOException, TaskFailedException {
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw bad("is no JSON: " + e.getOriginalMessage());
    }
    throw bad("is no object");
  }

  private static TaskFailedException bad(String what) {
    return new TaskFailedException(FailureKind.BAD_ARTIFACT, TrialFiles.RUNTIME + " " + what);
  }

  static byte[] bytes(RuntimeTuning tuning) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(of(tuning));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
