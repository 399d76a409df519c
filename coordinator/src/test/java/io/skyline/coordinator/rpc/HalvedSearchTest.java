package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Ladder;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.v1.Assign;
import io.skyline.v1.Train;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Successive halving between a coordinator and its workers. */
class HalvedSearchTest {
  private static final SearchPlan PLAN =
      TinySearch.halved(TinySearch.plan("tiny-1", 30), new Halving(1, 3, 9));

  @TempDir private Path folder;

  @Test
  void trainingsGoOnFromTheirCheckpointsOnAnyWorker() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(PLAN);
      List<FakeWorker> workers =
          List.of(server.worker(WorkerTraits.usual(1)), server.worker(WorkerTraits.usual(1)));
      SearchState state = TestServer.end(search);
      assertThat(state.counts().finished()).isEqualTo(30);
      assertThat(state.counts().stopped()).isGreaterThan(10);
      assertThat(state.counts().paused()).isZero();
      List<Train> trainings =
          workers.stream()
              .flatMap(worker -> worker.assigned.stream())
              .filter(Assign::hasTrain)
              .map(Assign::getTrain)
              .toList();
      for (Train training : trainings) {
        Trial trial = state.trial(training.getTrial()).orElseThrow();
        List<Ladder.Rung> rungs = trial.ladder().rungs();
        int before = training.getRungsCount();
        assertThat(training.getTraining().getEpochs()).isEqualTo(9);
        assertThat(training.hasCheckpoint()).isEqualTo(before > 0);
        if (before > 0) {
          assertThat(training.getCheckpoint().getDigest())
              .isEqualTo(rungs.get(before - 1).checkpoint().digest());
        }
        assertThat(training.getUntil())
            .isEqualTo(before < rungs.size() ? rungs.get(before).epochs() : 0);
      }
      assertThat(trainings).anyMatch(training -> training.getRungsCount() == 2);
      server.journal(PLAN);
    }
  }

  @Test
  void goesOnInTheMiddleOfRungsAsIfNothingHadHappened() throws Exception {
    SearchHandle suspended;
    try (TestServer server = TestServer.open(folder)) {
      suspended = server.begin(PLAN);
      server.worker(WorkerTraits.usual(2).taking(Duration.ofMillis(40)));
      await().until(() -> suspended.progress().counts().paused() >= 6);
    }
    List<String> resumed;
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.resume(PLAN, Resumption.NEW_WORKERS);
      await().until(() -> search.progress().counts().paused() >= 3);
      SearchState running = search.state();
      assertThat(checkpoints(running)).isNotEmpty();
      server.workers(3);
      SearchState over = TestServer.end(search);
      resumed = TestServer.trials(over);
      assertThat(checkpoints(over)).isEmpty();
      List<SearchEvent> journal = server.journal(PLAN);
      assertThat(journal).anyMatch(SearchEvent.RungReached.class::isInstance);
    }
    try (TestServer server = TestServer.open(folder.resolve("straight"))) {
      SearchHandle straight = server.begin(PLAN);
      server.workers(1);
      assertThat(TestServer.trials(TestServer.end(straight))).isEqualTo(resumed);
    }
  }

  private static Set<String> checkpoints(SearchState state) {
    Set<String> all = new HashSet<>();
    state.trials().stream()
        .flatMap(trial -> trial.checkpoint().stream())
        .forEach(checkpoint -> all.add(checkpoint.digest()));
    return all;
  }
}
