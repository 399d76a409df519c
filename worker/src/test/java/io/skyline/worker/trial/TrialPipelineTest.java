package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.cost.CandidateCost;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.FailureKind;
import io.skyline.v1.Measure;
import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;
import io.skyline.v1.Train;
import io.skyline.worker.export.ModelExits;
import io.skyline.worker.export.OnnxLint;
import io.skyline.worker.export.PackedModel;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trials in a real child process, judged by the files they leave. */
@Timeout(180)
class TrialPipelineTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private FashionTasks tasks;
  private Slot slot;
  private Scored published = Scored.getDefaultInstance();

  @BeforeEach
  void open() throws Exception {
    tasks = new FashionTasks(folder, 1024, 300, 300);
    slot = new Slot(ChildSettings.standard(folder), clock);
  }

  @AfterEach
  void close() {
    slot.close();
    clock.shutdownNow();
  }

  private TaskEnd run(Assign.Builder assign) throws Exception {
    RunTask task = tasks.run(assign);
    TaskEnd end = slot.run(task, LIMIT, tasks);
    if (end instanceof TaskEnd.Scored scored) {
      tasks.keep(task, scored.result());
    }
    return end;
  }

  private Scored scored(Assign.Builder assign) throws Exception {
    TaskEnd end = run(assign);
    assertThat(end).isInstanceOf(TaskEnd.Scored.class);
    return ((TaskEnd.Scored) end).result();
  }

  private Scored train(Train.Builder train) throws Exception {
    return scored(Assign.newBuilder().setTrain(train));
  }

  private byte[] file(Scored scored, String name) {
    return tasks.artifact(FashionTasks.artifact(scored, name).getDigest());
  }

  private static double value(Scored scored, Metric metric) {
    return Wire.scorecard(scored.getScorecard()).value(metric).orElseThrow();
  }

  private double accuracy(byte[] onnx, io.skyline.v1.DataSplit split) throws Exception {
    try (ModelSession session = ModelSession.load(onnx)) {
      return Quality.leading(session.predict(tasks.examples(split)), tasks.examples(split));
    }
  }

  private JsonNode card(Scored scored) throws Exception {
    return new ObjectMapper().readTree(file(scored, "card.json"));
  }

  @Test
  void aPrunedInt8ModelIsWhatItsCardSaysAndCanBePublished() throws Exception {
    Train.Builder train = tasks.train("int8", "0.5", 4);
    Scored scored = train(train);

    byte[] onnx = file(scored, "model.onnx");
    assertThat(OnnxLint.problems(onnx)).isEmpty();
    assertThat(accuracy(onnx, tasks.data().getValidation()))
        .isEqualTo(value(scored, Metric.ACCURACY))
        .isGreaterThan(0.4);
    assertThat(PackedModel.unpack(file(scored, "model.sky"), "model.sky")).isEqualTo(onnx);
    assertThat(value(scored, Metric.SIZE)).isEqualTo(file(scored, "model.sky").length);
    assertThat(value(scored, Metric.DOWNLOAD)).isEqualTo(onnx.length);
    assertThat(value(scored, Metric.TRAIN_SECONDS)).isPositive();
    assertThat(new String(file(scored, "labels.txt"), StandardCharsets.UTF_8).lines())
        .isEqualTo(tasks.data().getClassNamesList());

    JsonNode card = card(scored);
    assertThat(card.at("/genome").asText()).isEqualTo(train.getGenome());
    assertThat(card.at("/recipe").asText()).contains("channel-pruning(0.5", "int8");
    assertThat(card.at("/seed").asLong()).isEqualTo(11);
    assertThat(card.at("/data/train/digest").asText())
        .isEqualTo(tasks.data().getTrain().getDigest());
    assertThat(card.at("/scorecard/accuracy/value").asDouble())
        .isEqualTo(value(scored, Metric.ACCURACY));
    assertThat(card.at("/scorecard/peak_memory/unit").asText()).isEqualTo("bytes");
    assertThat(card.at("/float32/download/value").asInt())
        .isEqualTo(file(scored, "float32.onnx").length);
    assertThat(card.at("/compression/steps")).hasSize(2);
    assertThat(card.at("/compression/effect/download_ratio").asDouble()).isBetween(0.05, 0.9);

    card = publish(train.build(), scored);
    byte[] float32 = file(scored, "float32.onnx");
    assertThat(card.at("/float32/accuracy/value").asDouble())
        .isEqualTo(accuracy(float32, tasks.data().getValidation()));
    assertThat(card.at("/float32/train_seconds/value").asDouble()).isPositive();
    assertThat(card.at("/compression/steps")).hasSize(2);
    assertThat(card.at("/compression/effect/size_ratio").asDouble()).isBetween(0.05, 0.9);
    assertThat(card.at("/compression/effect/accuracy_points").asDouble())
        .isCloseTo(
            100 * (value(scored, Metric.ACCURACY) - card.at("/float32/accuracy/value").asDouble()),
            within(1e-9));
  }

  private JsonNode publish(Train train, Scored trained) throws Exception {
    published = scored(Assign.newBuilder().setTest(tasks.test(train, trained)));
    assertThat(published.getArtifactsList())
        .extracting(ArtifactRef::getName)
        .containsExactly("model.zip", "card.json");
    assertThat(value(published, Metric.TEST_ACCURACY))
        .isEqualTo(accuracy(file(trained, "model.onnx"), tasks.data().getTest()));
    JsonNode card = card(published);
    assertThat(card.at("/scorecard/test_accuracy/value").asDouble())
        .isEqualTo(value(published, Metric.TEST_ACCURACY));
    assertThat(card.at("/scorecard/accuracy/value").asDouble())
        .isEqualTo(value(trained, Metric.ACCURACY));
    assertThat(card.at("/data/test/digest").asText()).isEqualTo(tasks.data().getTest().getDigest());
    // 300 images: one of them is a third of a point
    assertThat(card.at("/model_zip/accuracy/value").asDouble())
        .isCloseTo(value(trained, Metric.ACCURACY), within(0.02));
    assertThat(card.at("/trainer/accuracy/value").asDouble())
        .isEqualTo(card.at("/model_zip/accuracy/value").asDouble());
    assertThat(card.at("/float32").isObject()).isEqualTo(card.at("/compression").isObject());
    return card;
  }

  @Test
  void aFloat32ModelNeedsNoCounterpart() throws Exception {
    Train.Builder train = tasks.train("fp32", "0", 1);
    Scored scored = train(train);
    assertThat(scored.getArtifactsList())
        .extracting(ArtifactRef::getName)
        .containsExactlyInAnyOrder("model.onnx", "model.sky", "card.json", "labels.txt", "weights");
    assertThat(card(scored).has("compression")).isFalse();
    publish(train.build(), scored);
  }

  /** Every file of a model, and all that its card says of them, is of the form that ships. */
  @Test
  void aModelOfLearnedGroupsIsPublishedAsItShips() throws Exception {
    CandidateSpace space =
        SpaceReader.read(
            """
            name: learned
            stem: {width: 16, stride: 2}
            stages: [{block: condense, depth: 3, growth: 8, groups: 4, condensation: 4, width: 24}]
            recipe: {weights: [int8, fp32], pruning: 0.25, fine_tune_epochs: 1}
            """,
            "learned");
    Train.Builder train = tasks.train(space, 3);
    train.getTrainingBuilder().setGroupLasso(1e-5);
    Scored scored = train(train);

    byte[] onnx = file(scored, "model.onnx");
    assertThat(OnnxLint.problems(onnx)).isEmpty();
    assertThat(
            ModelProto.parseFrom(onnx).getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Gather")))
        .hasSize(3);
    Candidate candidate =
        space.decode(
            space.decisions().parse(train.getGenome()),
            Wire.dataCard(tasks.data()),
            TrainingPlans.of(train.getTraining()));
    CandidateCost.of(candidate)
        .measurements()
        .forEach(
            (metric, foretold) ->
                assertThat(value(scored, metric)).as(metric.word()).isEqualTo(foretold.value()));
    JsonNode card = publish(train.build(), scored);
    assertThat(card.at("/training/group_lasso").asDouble()).isEqualTo(1e-5);
    assertThat(accuracy(onnx, tasks.data().getValidation())).isGreaterThan(0.4);
  }

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
    Train.Builder train = tasks.train(exits(weights), 6).setMeasureLatency(true);
    Scored scored = train(train);
    byte[] onnx = file(scored, "model.onnx");
    assertThat(OnnxLint.problems(onnx)).isEmpty();
    assertThat(PackedModel.unpack(file(scored, "model.sky"), "model.sky")).isEqualTo(onnx);
    assertThat(accuracy(onnx, tasks.data().getValidation()))
        .isEqualTo(value(scored, Metric.ACCURACY))
        .isGreaterThan(0.5);

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

  @Test
  void nothingIsPublishedFromAFileThatIsNotItsDigest() throws Exception {
    Train.Builder train = tasks.train("fp16", "0", 0);
    Scored scored = train(train);
    for (String name : List.of("model.onnx", "card.json", "weights", "float32.onnx")) {
      String digest = FashionTasks.artifact(scored, name).getDigest();
      byte[] whole = tasks.artifact(digest);
      byte[] damaged = whole.clone();
      damaged[damaged.length / 2] ^= 1;
      tasks.damage(digest, damaged);
      TaskEnd end = run(Assign.newBuilder().setTest(tasks.test(train.build(), scored)));
      assertThat(end).as(name).isInstanceOf(TaskEnd.Failed.class);
      assertThat(((TaskEnd.Failed) end).result().getKind()).isEqualTo(FailureKind.BAD_ARTIFACT);
      assertThat(((TaskEnd.Failed) end).result().getReason())
          .contains("artifact " + digest + " arrived with the digest ");
      tasks.damage(digest, whole);
    }
    publish(train.build(), scored);
  }

  @Test
  void theSameTaskGivesTheSameBytesInAnotherProcess() throws Exception {
    Scored first = train(tasks.train("fp16", "0.25", 1));
    try (Slot other = new Slot(ChildSettings.standard(folder), clock)) {
      RunTask task = tasks.run(Assign.newBuilder().setTrain(tasks.train("fp16", "0.25", 1)));
      TaskEnd.Scored second = (TaskEnd.Scored) other.run(task, LIMIT, tasks);
      for (String name : List.of("model.onnx", "model.sky", "weights", "float32.onnx")) {
        assertThat(FashionTasks.artifact(second.result(), name))
            .isEqualTo(FashionTasks.artifact(first, name));
      }
    }
    Scored otherSeed = train(tasks.train("fp16", "0.25", 1).setSeed(12));
    assertThat(FashionTasks.artifact(otherSeed, "weights"))
        .isNotEqualTo(FashionTasks.artifact(first, "weights"));
  }

  @Test
  void latencyIsMeasuredWhereItIsAskedForAndAfresh() throws Exception {
    Train.Builder train = tasks.train("fp16", "0", 0).setMeasureLatency(true);
    Scored scored = train(train);
    double latency = value(scored, Metric.LATENCY);
    assertThat(latency).isBetween(5.0, 5000.0);
    ArtifactRef model = FashionTasks.artifact(scored, "model.onnx");
    Scored again = scored(Assign.newBuilder().setMeasure(Measure.newBuilder().setModel(model)));
    Scorecard fresh = Wire.scorecard(again.getScorecard());
    assertThat(fresh.measurements()).containsOnlyKeys(Metric.LATENCY);
    // a shared machine: the test is of the path, the meter has its own
    assertThat(fresh.value(Metric.LATENCY).orElseThrow()).isBetween(latency / 3, latency * 3);
    Scored published = scored(Assign.newBuilder().setTest(tasks.test(train.build(), scored)));
    JsonNode card = card(published);
    assertThat(card.at("/float32/latency/value").asDouble()).isPositive();
    assertThat(card.at("/float32/latency/unit").asText()).isEqualTo("us");
    assertThat(card.at("/compression/effect/latency_ratio").asDouble()).isPositive();
  }

  @Test
  void aTrainingThatDivergesSaysSo() throws Exception {
    Train.Builder train = tasks.train("fp32", "0", 1);
    train.getTrainingBuilder().setOptimizer("sgd").setLearningRate(100).setWarmupEpochs(0);
    assertThat(((TaskEnd.Failed) run(Assign.newBuilder().setTrain(train))).result().getKind())
        .isEqualTo(FailureKind.DIVERGED);
  }

  @Test
  void dataThatIsNotItsDigestIsABadArtifact() throws Exception {
    tasks.damage(tasks.data().getTrain().getDigest(), new byte[100]);
    TaskEnd end = run(Assign.newBuilder().setTrain(tasks.train("fp32", "0", 1)));
    assertThat(((TaskEnd.Failed) end).result().getKind()).isEqualTo(FailureKind.BAD_ARTIFACT);
    assertThat(((TaskEnd.Failed) end).result().getReason()).contains("should hash to");
  }

  @Test
  void aTrainingIsCancelledBetweenTwoBatches() throws Exception {
    tasks.onProgress(slot::cancel);
    long start = System.nanoTime();
    TaskEnd end = run(Assign.newBuilder().setTrain(tasks.train("fp32", "0", 200)));
    assertThat(end).isInstanceOf(TaskEnd.Cancelled.class);
    long child = slot.childPid();
    tasks.onProgress(() -> {});
    train(tasks.train("fp32", "0", 0));
    assertThat(slot.childPid()).isEqualTo(child);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
  }
}
