package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
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
import io.skyline.v1.RuntimeBudget;
import io.skyline.v1.Scored;
import io.skyline.v1.Train;
import io.skyline.worker.export.OnnxLint;
import io.skyline.worker.pack.PackedModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole trials in a real child process, judged by the files they leave. */
class TrialPipelineTest extends ChildTrials {
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
    JsonNode losses = card.at("/loss_by_epoch/train");
    assertThat(losses).hasSize(card.at("/training/epochs").asInt()).hasSizeGreaterThan(1);
    assertThat(losses.get(losses.size() - 1).asDouble()).isLessThan(losses.get(0).asDouble());
    assertThat(card.at("/loss_by_epoch/compress")).isNotEmpty();
    assertThat(card.at("/data/train/digest").asText())
        .isEqualTo(tasks.data().getTrain().getDigest());
    assertThat(card.at("/scorecard/accuracy/value").asDouble())
        .isEqualTo(value(scored, Metric.ACCURACY));
    assertThat(card.at("/scorecard/peak_memory/unit").asText()).isEqualTo("bytes");
    assertThat(
            card.at("/memory_plan/flash_bytes").asLong()
                + card.at("/memory_plan/ram_bytes").asLong())
        .isGreaterThanOrEqualTo(card.at("/scorecard/peak_memory/value").asLong());
    assertThat(card.at("/memory_plan/buffers/0/name").asText()).isEqualTo("image");
    assertThat(card.at("/float32/download/value").asInt())
        .isEqualTo(file(scored, "float32.onnx").length);
    assertThat(card.at("/waterfall")).hasSize(3);
    assertThat(card.at("/compression/effect/download_ratio").asDouble()).isBetween(0.05, 0.9);

    card = publish(train.build(), scored);
    byte[] float32 = file(scored, "float32.onnx");
    assertThat(card.at("/float32/accuracy/value").asDouble())
        .isEqualTo(accuracy(float32, tasks.data().getValidation()));
    assertThat(card.at("/float32/train_seconds/value").asDouble()).isPositive();
    assertThat(card.at("/waterfall")).hasSize(3);
    assertThat(card.at("/waterfall/0/step").asText()).isEqualTo("trained");
    assertThat(card.at("/waterfall/0/accuracy")).isEqualTo(card.at("/float32/accuracy"));
    assertThat(card.at("/waterfall/1/step").asText()).startsWith("channel-pruning");
    byte[] pruned = file(scored, "before-step-2.onnx");
    assertThat(card.at("/waterfall/1/accuracy/value").asDouble())
        .isEqualTo(accuracy(pruned, tasks.data().getValidation()));
    assertThat(card.at("/waterfall/1/download/value").asInt()).isEqualTo(pruned.length);
    assertThat(card.at("/waterfall/1/size/value").asInt())
        .isEqualTo(io.skyline.worker.pack.PackedModel.pack(pruned).length);
    assertThat(card.at("/waterfall/1/macs/value").asLong())
        .isLessThan(card.at("/waterfall/0/macs/value").asLong())
        .isEqualTo(card.at("/waterfall/2/macs/value").asLong());
    assertThat(card.at("/waterfall/2/accuracy")).isEqualTo(card.at("/scorecard/accuracy"));
    assertThat(card.at("/compression/effect/size_ratio").asDouble()).isBetween(0.05, 0.9);
    assertThat(card.at("/compression/effect/accuracy_points").asDouble())
        .isCloseTo(
            100 * (value(scored, Metric.ACCURACY) - card.at("/float32/accuracy/value").asDouble()),
            within(1e-9));
  }

  @Test
  void aFloat32ModelNeedsNoCounterpart() throws Exception {
    Train.Builder train = tasks.train("fp32", "0", 1);
    Scored scored = train(train);
    assertThat(scored.getArtifactsList())
        .extracting(ArtifactRef::getName)
        .containsExactlyInAnyOrder("model.onnx", "model.sky", "card.json", "labels.txt", "weights");
    assertThat(card(scored).has("compression")).isFalse();
    assertThat(card(scored).at("/scorecard").has("predicted_latency")).isFalse();
    publish(train.build(), scored);
  }

  @Test
  void whatWasForetoldStandsInTheCard() throws Exception {
    Train.Builder train = tasks.train("fp32", "0", 1);
    train
        .getPredictedLatencyBuilder()
        .setMetric("predicted_latency")
        .setValue(123.5)
        .setTolerance(0.16)
        .setConfident(true);
    Scored scored = train(train);

    assertThat(value(scored, Metric.PREDICTED_LATENCY)).isEqualTo(123.5);
    JsonNode predicted = publish(train.build(), scored).at("/scorecard/predicted_latency");
    assertThat(predicted.at("/value").asDouble()).isEqualTo(123.5);
    assertThat(predicted.at("/unit").asText()).isEqualTo("us");
    assertThat(predicted.at("/tolerance").asDouble()).isEqualTo(0.16);
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
  void theRuntimeIsTunedWhereItIsAskedForAndTheCardSaysWhatWasTried() throws Exception {
    RuntimeBudget budget = RuntimeBudget.newBuilder().setMillis(300).setCores(1).build();
    Train.Builder train = tasks.train("fp16", "0", 0).setRuntime(budget);
    Scored scored = train(train);
    assertRuntime(card(scored), value(scored, Metric.THROUGHPUT));

    Measure.Builder measure =
        Measure.newBuilder()
            .setModel(FashionTasks.artifact(scored, "model.onnx"))
            .setData(tasks.data().toBuilder().clearTest())
            .setPeakMemory(value(scored, Metric.PEAK_MEMORY))
            .setRuntime(budget);
    Scored again = scored(Assign.newBuilder().setMeasure(measure));
    Scorecard fresh = Wire.scorecard(again.getScorecard());
    assertThat(fresh.measurements()).containsOnlyKeys(Metric.LATENCY, Metric.THROUGHPUT);
    assertThat(again.getArtifactsList())
        .extracting(ArtifactRef::getName)
        .containsExactly("runtime.json");

    // as coordinators do: what was measured afresh takes the place of the trial's own
    Scored measured =
        scored.toBuilder()
            .addAllArtifacts(again.getArtifactsList())
            .setScorecard(Wire.message(Wire.scorecard(scored.getScorecard()).with(fresh)))
            .build();
    JsonNode card = publish(train.clearRuntime().build(), measured);
    assertRuntime(card, fresh.value(Metric.THROUGHPUT).orElseThrow());
  }

  private static void assertRuntime(JsonNode card, double throughput) {
    assertThat(throughput).isBetween(10.0, 1e8);
    assertThat(card.at("/scorecard/throughput/value").asDouble()).isEqualTo(throughput);
    assertThat(card.at("/scorecard/throughput/unit").asText()).isEqualTo("examples/s");
    JsonNode runtime = card.at("/runtime");
    assertThat(runtime.at("/throughput")).isEqualTo(card.at("/scorecard/throughput"));
    assertThat(runtime.at("/cores").asInt()).isEqualTo(1);
    assertThat(runtime.at("/threads").asInt()).isEqualTo(1);
    assertThat(runtime.at("/streams").asInt()).isEqualTo(1);
    assertThat(runtime.at("/tried"))
        .anyMatch(
            tried ->
                tried.at("/batch").equals(runtime.at("/batch"))
                    && tried.at("/throughput_examples_per_s").asDouble() == throughput
                    && tried.at("/rounds").asInt() >= 3);
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
