package io.skyline.coordinator.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.TestData;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RunArtifactsTest {
  private static final String CONFIG =
      """
      name: taught
      data: fashion-mini
      space: mobile
      objectives: [maximize accuracy]
      controller: random
      budget: {trials: 2, epochs: 1}
      training:
        distillation:
          teacher: {file: /gone/model.onnx, sha256: %s, bytes: 7}
      """
          .formatted("e".repeat(64));

  private static Artifact file(String name, String digit) {
    return new Artifact(name, digit.repeat(64), 1);
  }

  private static SearchEvent scored(TaskId.Kind kind, int trial, Metric metric, Artifact... files) {
    Scorecard card = Scorecard.EMPTY.with(metric, Measurement.exact(.5));
    return new SearchEvent.Scored(new TaskId(kind, trial, 1), 1, card, List.of(files), 0);
  }

  private static SearchEvent paused(int trial, int round, String digit) {
    return new SearchEvent.RungReached(
        new TaskId(TaskId.Kind.TRAIN, trial, round),
        1,
        round,
        Scorecard.EMPTY,
        file("checkpoint", digit),
        0);
  }

  @Test
  void keepsDataTeachersAndTheLatestFilesOfEveryTrial() {
    DataCard data = TestData.tiny();
    SearchState state =
        SearchState.of(
            SearchSettings.of(new Goals(List.of(new Objective(Metric.ACCURACY)), List.of()), 2, 1),
            List.of(
                new SearchEvent.Started(
                    "taught-1",
                    CONFIG,
                    "space",
                    data.withUnlabelled(new DataCard.Split("d".repeat(64), 8, 9)),
                    1,
                    "build",
                    0),
                new SearchEvent.Proposed(1, 1, "g", 0),
                new SearchEvent.Proposed(2, 2, "h", 0),
                new SearchEvent.Proposed(3, 3, "i", 1, 0, 0),
                new SearchEvent.Proposed(4, 4, "j", 1, 0, 0),
                paused(3, 1, "7"),
                paused(4, 1, "8"),
                new SearchEvent.Promoted(5, new TaskId(TaskId.Kind.TRAIN, 3, 2), 3, 0),
                new SearchEvent.Promoted(6, new TaskId(TaskId.Kind.TRAIN, 4, 2), 0, 0),
                paused(3, 2, "9"),
                new SearchEvent.Failed(
                    new TaskId(TaskId.Kind.TRAIN, 4, 2), 1, FailureKind.DIVERGED, "NaN", 0),
                scored(
                    TaskId.Kind.TRAIN,
                    1,
                    Metric.ACCURACY,
                    file("model.onnx", "1"),
                    file("card.json", "2")),
                new SearchEvent.Failed(TaskId.train(2), 1, FailureKind.DIVERGED, "NaN", 0),
                scored(TaskId.Kind.MEASURE, 1, Metric.LATENCY),
                scored(TaskId.Kind.TEST, 1, Metric.TEST_ACCURACY, file("card.json", "3"))));
    assertThat(RunArtifacts.of(state))
        .as("the first card was replaced by the test's, checkpoints by later ones or by the end")
        .containsExactlyInAnyOrder(
            "a".repeat(64),
            "b".repeat(64),
            "c".repeat(64),
            "d".repeat(64),
            "e".repeat(64),
            "1".repeat(64),
            "3".repeat(64),
            "9".repeat(64));
  }
}
