package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.scorecard.Metric;
import io.skyline.v1.Scored;
import io.skyline.v1.Screen;
import io.skyline.v1.SeenScores;
import io.skyline.v1.Train;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A trial that is trained only if the scores of its untrained network pass. */
class ScreenedTrialTest extends ChildTrials {
  private static final List<Metric> SCORES =
      List.of(Metric.PARAMETERS, Metric.MACS, Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE);

  private Train.Builder scored() {
    Train.Builder train = tasks.train("fp32", "0", 1);
    SCORES.forEach(score -> train.addScores(score.word()));
    return train;
  }

  private static Screen.Builder above(double synflow) {
    return Screen.newBuilder()
        .setLeast(.5)
        .addSeen(SeenScores.newBuilder().setMetric("synflow").addValues(synflow));
  }

  @Test
  void whatDoesNotPassIsNotTrainedAndLeavesItsScoresAlone() throws Exception {
    Scored trained = train(scored());
    double synflow = value(trained, Metric.SYNFLOW);

    Scored screened = train(scored().setScreen(above(Math.nextUp(synflow))));

    assertThat(trained.getScreened()).isFalse();
    assertThat(screened.getScreened()).isTrue();
    assertThat(screened.getArtifactsList()).isEmpty();
    assertThat(Wire.scorecard(screened.getScorecard()).measurements().keySet())
        .containsExactlyInAnyOrderElementsOf(SCORES);
    for (Metric score : SCORES) {
      assertThat(value(screened, score)).as(score.word()).isEqualTo(value(trained, score));
    }
  }

  @Test
  void whatPassesIsTrainedToTheSameBits() throws Exception {
    Scored plain = train(tasks.train("fp32", "0", 1));
    Scored passed = train(scored().setScreen(above(-1e9)));

    assertThat(file(passed, "model.onnx")).isEqualTo(file(plain, "model.onnx"));
    assertThat(card(passed).findValue("jacobian_covariance")).isNotNull();
    assertThat(Wire.scorecard(plain.getScorecard()).value(Metric.SYNFLOW)).isEmpty();
  }
}
