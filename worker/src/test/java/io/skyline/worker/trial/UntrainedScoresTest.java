package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.v1.Train;
import io.skyline.worker.data.Examples;
import io.skyline.worker.train.OneDnnEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UntrainedScoresTest {
  private static final int SAMPLES = 4;

  @TempDir private Path folder;

  static List<String> spaces() {
    return Catalog.names();
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void everySpaceHasFiniteScoresThatTellItsNetworksApart(String name) throws Exception {
    CandidateSpace space = Catalog.space(name);
    FashionTasks tasks = FashionTasks.of(space, folder, 80, 16, 16);
    Examples training = tasks.examples(tasks.data().getTrain());
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < SAMPLES; i++) {
      Train.Builder task =
          tasks
              .train("fp32", "0", 1)
              .setSpaceYaml(space.yaml())
              .setGenome(space.decisions().sample(random).text())
              .addScores("synflow")
              .addScores("jacobian_covariance");
      Scorecard scores =
          UntrainedScores.of(Plan.of(task.build(), new Spaces()), new OneDnnEngine(), training);

      assertThat(scores.value(Metric.SYNFLOW).orElseThrow()).as(name).isBetween(-50.0, 500.0);
      // 64 equal gradients would give -6.4e6, 64 unrelated ones -64
      assertThat(scores.value(Metric.JACOBIAN_COVARIANCE).orElseThrow())
          .as(name)
          .isBetween(-6.4e6, -64.0);
      assertThat(
              UntrainedScores.of(Plan.of(task.build(), new Spaces()), new OneDnnEngine(), training))
          .isEqualTo(scores);
    }
  }
}
