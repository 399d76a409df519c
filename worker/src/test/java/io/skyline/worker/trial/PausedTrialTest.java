package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skyline.scorecard.Metric;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.Failed;
import io.skyline.v1.FailureKind;
import io.skyline.v1.Rung;
import io.skyline.v1.Scored;
import io.skyline.v1.Train;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A trial that lives through rungs, each in a task of its own. */
class PausedTrialTest extends ChildTrials {
  private Train.Builder after(Scored paused, int epochs) {
    return tasks
        .train("int8", "0.5", 4)
        .setCheckpoint(FashionTasks.artifact(paused, "checkpoint"))
        .addRungs(Rung.newBuilder().setEpochs(epochs).setScorecard(paused.getScorecard()));
  }

  @Test
  void endsWithTheVeryFilesOfATrialWithoutAPause() throws Exception {
    Scored whole = train(tasks.train("int8", "0.5", 4));
    Scored low = train(tasks.train("int8", "0.5", 4).setUntil(1));
    assertThat(low.getArtifactsList())
        .extracting(ArtifactRef::getName)
        .containsExactly("checkpoint");
    assertThat(value(low, Metric.SIZE)).isPositive();
    assertThat(value(low, Metric.ACCURACY)).isBetween(0.05, 1.0);
    Scored middle = train(after(low, 1).setUntil(3));
    Scored high = train(after(middle, 3));
    assertThat(file(high, "model.onnx")).isEqualTo(file(whole, "model.onnx"));
    assertThat(file(high, "model.sky")).isEqualTo(file(whole, "model.sky"));
    assertThat(file(high, "weights")).isEqualTo(file(whole, "weights"));
    assertThat(value(high, Metric.ACCURACY)).isEqualTo(value(whole, Metric.ACCURACY));
    assertThat(value(high, Metric.TRAIN_SECONDS))
        .isGreaterThan(value(middle, Metric.TRAIN_SECONDS));
    JsonNode card = card(high);
    assertThat(card.at("/loss_by_epoch/train")).hasSize(4);
    assertThat(card.at("/loss_by_epoch/train/3").asDouble())
        .isEqualTo(card(whole).at("/loss_by_epoch/train/3").asDouble());
    assertThat(card.at("/learning_curve")).hasSize(2);
    assertThat(card.at("/learning_curve/0/epochs").asInt()).isEqualTo(3);
    assertThat(card.at("/learning_curve/0/accuracy").asDouble())
        .isEqualTo(value(middle, Metric.ACCURACY));
    assertThat(card.at("/learning_curve/1/epochs").asInt()).isEqualTo(4);
  }

  private Failed failure(Train.Builder train) throws Exception {
    TaskEnd end = run(Assign.newBuilder().setTrain(train));
    assertThat(end).isInstanceOf(TaskEnd.Failed.class);
    return ((TaskEnd.Failed) end).result();
  }

  @Test
  void aDamagedOrForeignCheckpointIsABadArtifact() throws Exception {
    Scored low = train(tasks.train("int8", "0.5", 4).setUntil(1));
    String digest = FashionTasks.artifact(low, "checkpoint").getDigest();
    byte[] good = tasks.artifact(digest);
    byte[] damaged = good.clone();
    damaged[damaged.length / 2] ^= 1;
    tasks.damage(digest, damaged);
    assertThat(failure(after(low, 1)).getKind()).isEqualTo(FailureKind.BAD_ARTIFACT);
    tasks.damage(digest, good);
    Scored other = train(tasks.train("fp32", "0", 1));
    Train.Builder foreign = after(low, 1).setCheckpoint(FashionTasks.artifact(other, "weights"));
    assertThat(failure(foreign).getReason())
        .isEqualTo("artifact checkpoint: it does not say how far it is trained");
    assertThat(new String(good, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("SKYW");
  }
}
