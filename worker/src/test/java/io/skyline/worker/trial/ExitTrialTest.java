package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.skyline.scorecard.Metric;
import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.RuntimeBudget;
import io.skyline.v1.Scored;
import io.skyline.v1.Train;
import io.skyline.worker.export.ModelExits;
import io.skyline.worker.export.OnnxLint;
import io.skyline.worker.pack.PackedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trials of networks that are left early, from training to what verify says of the files. */
class ExitTrialTest extends ChildTrials {
  private static CandidateSpace exits(String weights) {
    return SpaceReader.read(
        """
        name: leaving
        stem: {width: 16, stride: 2}
        stages:
          - {width: 16, exit: yes}
          - {downsample: max, width: [24, 32]}
        recipe: {weights: %s, pruning: 0.25, fine_tune_epochs: 1}
        """
            .formatted(weights),
        "leaving");
  }

  /**
   * Its thresholds, shares and latencies are in the file and on the card, and hold for all forms.
   */
  @ParameterizedTest
  @ValueSource(strings = {"fp32", "int8"})
  void aModelThatIsLeftEarlyIsWhatItsCardSaysAndCanBePublished(String weights) throws Exception {
    RuntimeBudget budget = RuntimeBudget.newBuilder().setMillis(200).build();
    Train.Builder train = tasks.train(exits(weights), 6).setMeasureLatency(true).setRuntime(budget);
    Scored scored = train(train);
    byte[] onnx = file(scored, "model.onnx");
    assertThat(OnnxLint.problems(onnx)).isEmpty();
    assertThat(PackedModel.unpack(file(scored, "model.sky"), "model.sky")).isEqualTo(onnx);
    assertThat(accuracy(onnx, tasks.data().getValidation()))
        .isEqualTo(value(scored, Metric.ACCURACY))
        .isGreaterThan(0.5);

    assertThat(value(scored, Metric.THROUGHPUT)).isBetween(10.0, 1e8);
    assertThat(card(scored).at("/runtime/tried")).isNotEmpty();

    ModelExits exits = ModelExits.of(onnx);
    assertThat(exits.exits()).hasSize(1);
    JsonNode first = card(scored).at("/exits/outputs/0");
    JsonNode last = card(scored).at("/exits/outputs/1");
    assertThat(first.at("/output").asText()).isEqualTo("stage1_exit");
    assertThat(first.at("/threshold").floatValue()).isEqualTo(exits.exits().get(0).threshold());
    assertThat(first.at("/share").asDouble())
        .isEqualTo(exits.exits().get(0).share())
        .isBetween(0.05, 1.0);
    assertThat(last.at("/output").asText()).isEqualTo("scores");
    assertThat(last.has("threshold")).isFalse();
    assertThat(first.at("/share").asDouble() + last.at("/share").asDouble())
        .isCloseTo(1, within(1e-9));
    double right =
        first.at("/share").asDouble() * first.at("/accuracy").asDouble()
            + last.at("/share").asDouble() * last.at("/accuracy").asDouble();
    assertThat(right).isCloseTo(value(scored, Metric.ACCURACY), within(1e-9));
    assertThat(card(scored).at("/exits/chosen_on/examples").asInt()).isEqualTo(1000);
    assertThat(card(scored).at("/exits/chosen_on/answered_otherwise").asDouble())
        .isLessThanOrEqualTo(0.005);
    double expected =
        first.at("/share").asDouble() * first.at("/latency/value").asDouble()
            + last.at("/share").asDouble() * last.at("/latency/value").asDouble();
    assertThat(value(scored, Metric.LATENCY)).isCloseTo(expected, within(1e-6));
    assertThat(first.at("/latency/value").asDouble())
        .isLessThan(last.at("/latency/value").asDouble());

    publish(train.build(), scored);
    assertThat(PublishedModel.check(publishedFolder(scored), folder.resolve("store")))
        .allMatch(PublishedModel.Check::agrees)
        .extracting(PublishedModel.Check::what)
        .contains("model.onnx, leaving from", "leave at stage1_exit, validation");

    Path model = folder.resolve("model");
    Files.write(model.resolve("model.onnx"), Arrays.copyOf(onnx, onnx.length / 2));
    assertThatThrownBy(() -> PublishedModel.check(model, folder.resolve("store")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("model.onnx: not an ONNX model");
  }

  /** What a run's folder holds of the model published last, and the data where verify looks. */
  private Path publishedFolder(Scored trained) throws Exception {
    Path model = Files.createDirectories(folder.resolve("model"));
    for (String name : List.of("model.onnx", "model.sky")) {
      Files.write(model.resolve(name), file(trained, name));
    }
    for (ArtifactRef artifact : published.getArtifactsList()) {
      Files.write(model.resolve(artifact.getName()), file(published, artifact.getName()));
    }
    for (io.skyline.v1.DataSplit split :
        List.of(tasks.data().getValidation(), tasks.data().getTest())) {
      String digest = split.getDigest();
      Path file =
          folder.resolve(Path.of("store", digest.substring(0, 2), digest.substring(2, 4), digest));
      Files.createDirectories(file.getParent());
      Files.write(file, tasks.artifact(digest));
    }
    return model;
  }
}
