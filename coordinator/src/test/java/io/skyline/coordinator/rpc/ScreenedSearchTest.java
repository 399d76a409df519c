package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.EarlierRuns;
import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.evaluation.EvaluationCache;
import io.skyline.coordinator.evaluation.Evaluations;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.v1.Assign;
import io.skyline.v1.SeenScores;
import io.skyline.v1.Train;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A prefilter between a coordinator and its workers. */
class ScreenedSearchTest {
  private static final int TRIALS = 30;
  private static final int AFTER = 8;
  private static final SearchPlan PLAN = plan("tiny-1", AFTER);

  @TempDir private Path folder;

  private static SearchPlan plan(String name, int after) {
    return TinySearch.screened(
        TinySearch.plan(name, TRIALS),
        new Prefilter(List.of(Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE), .5, after));
  }

  @Test
  void workersDecideByTheScoresThatForetell() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(PLAN);
      FakeWorker worker = server.worker(WorkerTraits.usual(2));
      SearchState state = TestServer.end(search);

      assertThat(state.counts().finished()).isEqualTo(TRIALS);
      assertThat(state.counts().screened()).isPositive();
      assertThat(search.progress().counts().screened()).isEqualTo(state.counts().screened());
      List<Train> trainings =
          worker.assigned.stream().filter(Assign::hasTrain).map(Assign::getTrain).toList();
      assertThat(trainings)
          .allSatisfy(
              task ->
                  assertThat(task.getScoresList())
                      .containsExactly("synflow", "jacobian_covariance"));
      assertThat(trainings.stream().flatMap(task -> task.getScreen().getSeenList().stream()))
          .extracting(SeenScores::getMetric)
          .containsOnly("synflow");
      for (Trial trial : state.trials()) {
        assertThat(trial.trained().value(Metric.SYNFLOW)).isPresent();
        assertThat(trial.trained().value(Metric.ACCURACY).isPresent())
            .isEqualTo(trial.status() == Trial.Status.SCORED);
      }
      server.journal(PLAN);
    }
  }

  @Test
  void goesOnAsIfNothingHadHappened() throws Exception {
    SearchHandle suspended;
    try (TestServer server = TestServer.open(folder)) {
      suspended = server.begin(PLAN);
      server.worker(WorkerTraits.usual(2).taking(Duration.ofMillis(40)));
      await().until(() -> suspended.progress().counts().screened() >= 2);
    }
    List<String> resumed;
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.resume(PLAN, Resumption.NEW_WORKERS);
      server.workers(3);
      resumed = TestServer.trials(TestServer.end(search));
      server.journal(PLAN);
    }
    try (TestServer server = TestServer.open(folder.resolve("straight"))) {
      SearchHandle straight = server.begin(PLAN);
      server.workers(1);
      assertThat(TestServer.trials(TestServer.end(straight))).isEqualTo(resumed);
    }
  }

  /** The first run trains what the second screens out, for its prefilter begins later. */
  @Test
  void trainingsOfAnEarlierRunAreScreenedAsIfTheyWereNew() throws Exception {
    try (TestServer server = TestServer.open(folder.resolve("first"))) {
      EarlierRuns kept = new EarlierRuns(cache(server).writeOnly(), List.of());
      SearchHandle search = server.begin(plan("tiny-1", 1000).with(kept));
      server.workers(2);
      assertThat(TestServer.end(search).counts().screened()).isZero();
    }
    List<String> reused;
    try (TestServer server = TestServer.open(folder.resolve("second"))) {
      SearchPlan plan = plan("tiny-2", AFTER).with(new EarlierRuns(cache(server), List.of()));
      SearchHandle search = server.begin(plan);
      server.workers(1);
      SearchState state = TestServer.end(search);
      assertThat(state.counts().recalled()).isBetween(AFTER, TRIALS);
      assertThat(server.journal(plan))
          .anyMatch(event -> event instanceof SearchEvent.Screened out && out.attempt() == 0);
      reused = TestServer.trials(state);
    }
    try (TestServer server = TestServer.open(folder.resolve("straight"))) {
      SearchHandle straight = server.begin(PLAN);
      server.workers(1);
      assertThat(TestServer.trials(TestServer.end(straight))).isEqualTo(reused);
    }
  }

  private Evaluations cache(TestServer server) {
    return new EvaluationCache(folder.resolve("cache"), server.store(), 1 << 24);
  }
}
