package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.config.InheritSettings;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.v1.Assign;
import io.skyline.v1.Train;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What children are told of their parents. */
@Timeout(180)
final class InheritingSearchTest {
  @TempDir Path folder;

  @Test
  void childrenGetTheWeightsOfAnObservedParentAndRefitsBeginAfresh() throws Exception {
    SearchPlan plan =
        TinySearch.plan("tiny-1", 30, OptionalInt.of(12), "onednn")
            .with(new InheritSettings(OptionalInt.of(2)));
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(WorkerTraits.usual(2));
      SearchState state = TestServer.end(search);
      server.journal(plan);

      int children = 0;
      for (Assign assign : worker.assigned) {
        if (!assign.hasTrain()) {
          continue;
        }
        Train train = assign.getTrain();
        TaskId task = TaskId.parse(assign.getRef().getTask()).orElseThrow();
        int parent = parent(state, task.trial());
        assertThat(train.getHandOn()).isTrue();
        if (task.kind() == TaskId.Kind.REFIT || parent == 0) {
          assertThat(train.hasAncestor()).isFalse();
          assertThat(train.getTraining().getEpochs())
              .isEqualTo(task.kind() == TaskId.Kind.REFIT ? 12 : 1);
          continue;
        }
        children++;
        // of the lookahead of 8
        assertThat(parent).isLessThanOrEqualTo(task.trial() - 8);
        Trial ancestor = state.trial(parent).orElseThrow();
        assertThat(train.getTraining().getEpochs()).isEqualTo(2);
        assertThat(train.getAncestor().getGenome()).isEqualTo(ancestor.genome());
        assertThat(train.getAncestor().getTrained().getDigest()).isEqualTo(trained(ancestor));
      }
      assertThat(children).isGreaterThan(10);
    }
  }

  @Test
  void withoutTheSettingNobodyIsToldOfAnyone() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 20);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(WorkerTraits.usual(2));
      SearchState state = TestServer.end(search);
      assertThat(worker.assigned.stream().filter(Assign::hasTrain).map(Assign::getTrain))
          .noneMatch(train -> train.hasAncestor() || train.getHandOn());
      assertThat(parent(state, 20)).as("it is journalled all the same").isPositive();
    }
  }

  private static int parent(SearchState state, int trial) {
    long step = state.trial(trial).orElseThrow().step();
    return ((SearchEvent.Proposed) state.steps().get((int) step - 1)).parent();
  }

  private static String trained(Trial trial) {
    List<String> digests =
        trial.artifacts().stream()
            .filter(artifact -> artifact.name().equals("trained"))
            .map(Artifact::digest)
            .toList();
    assertThat(digests).hasSize(1);
    return digests.get(0);
  }
}
