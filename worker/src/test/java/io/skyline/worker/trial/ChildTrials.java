package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.scorecard.Metric;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;
import io.skyline.v1.Train;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whole trials in a real child process. */
@Timeout(180)
abstract class ChildTrials {
  static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path folder;
  final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  FashionTasks tasks;
  Slot slot;
  Scored published = Scored.getDefaultInstance();

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

  TaskEnd run(Assign.Builder assign) throws Exception {
    RunTask task = tasks.run(assign);
    TaskEnd end = slot.run(task, LIMIT, tasks);
    if (end instanceof TaskEnd.Scored scored) {
      tasks.keep(task, scored.result());
    }
    return end;
  }

  Scored scored(Assign.Builder assign) throws Exception {
    TaskEnd end = run(assign);
    assertThat(end).isInstanceOf(TaskEnd.Scored.class);
    return ((TaskEnd.Scored) end).result();
  }

  Scored train(Train.Builder train) throws Exception {
    return scored(Assign.newBuilder().setTrain(train));
  }

  byte[] file(Scored scored, String name) {
    return tasks.artifact(FashionTasks.artifact(scored, name).getDigest());
  }

  static double value(Scored scored, Metric metric) {
    return Wire.scorecard(scored.getScorecard()).value(metric).orElseThrow();
  }

  double accuracy(byte[] onnx, io.skyline.v1.DataSplit split) throws Exception {
    try (ModelSession session = ModelSession.load(onnx)) {
      return Quality.leading(session.predict(tasks.examples(split)), tasks.examples(split));
    }
  }

  JsonNode card(Scored scored) throws Exception {
    return new ObjectMapper().readTree(file(scored, "card.json"));
  }

  JsonNode publish(Train train, Scored trained) throws Exception {
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
}
