package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.actor.SearchProgress;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.Train;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole searches: real gRPC, real journal, workers that score by a formula. */
@Timeout(180)
final class SearchOverGrpcTest {
  @TempDir Path folder;

  @Test
  void trainsRefitsMeasuresAndTests() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 30, OptionalInt.of(12), "onednn");
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      List<SearchProgress> seen = new CopyOnWriteArrayList<>();
      search.onProgress(seen::add);
      FakeWorker worker = server.worker(WorkerTraits.usual(2));
      SearchState state = TestServer.end(search);

      assertThat(state.phase()).isEqualTo(Phase.ENDED);
      assertThat(state.ended()).contains("");
      assertThat(state.counts().scored()).isEqualTo(30);
      assertThat(state.frontier().members())
          .isNotEmpty()
          .allSatisfy(
              trial -> {
                assertThat(trial.has(TaskId.Kind.REFIT)).isTrue();
                assertThat(trial.has(TaskId.Kind.TEST)).isTrue();
                assertThat(trial.scorecard().value(Metric.TEST_ACCURACY)).hasValue(.5);
                assertThat(trial.scorecard().value(Metric.LATENCY)).hasValue(100 + trial.number());
              });
      assertThat(seen.get(0).counts().scored()).isZero();
      assertThat(seen)
          .extracting(SearchProgress::phase)
          .contains(Phase.SEARCHING, Phase.REFITTING, Phase.MEASURING, Phase.TESTING, Phase.ENDED);
      assertThat(seen.get(seen.size() - 1).hypervolume()).isPositive();
      tasksHoldWhatTheyShould(plan, state, worker.assigned);
      assertThat(server.journal(plan)).hasSizeGreaterThan(90);
    }
  }

  @Test
  void throughputIsMeasuredForTheFrontierAndInTrialsWhereItIsAGoal() throws Exception {
    for (boolean goal : List.of(false, true)) {
      RuntimeBudget budget = new RuntimeBudget(Duration.ofMillis(700), OptionalInt.of(3));
      SearchPlan plan =
          TinySearch.tuned(
              TinySearch.plan("tuned-1", 8, OptionalInt.of(12), "onednn"), budget, goal);
      try (TestServer server = TestServer.open(folder.resolve("goal-" + goal))) {
        SearchHandle search = server.begin(plan);
        FakeWorker worker = server.worker(WorkerTraits.usual(2));
        SearchState state = TestServer.end(search);

        for (Assign assign : worker.assigned) {
          switch (assign.getTaskCase()) {
            case TRAIN -> assertThat(assign.getTrain().hasRuntime()).isEqualTo(goal);
            case MEASURE -> {
              assertThat(assign.getMeasure().getRuntime().getMillis()).isEqualTo(700);
              assertThat(assign.getMeasure().getRuntime().getCores()).isEqualTo(3);
            }
            case TEST ->
                assertThat(assign.getTest().getArtifactsList())
                    .extracting(ArtifactRef::getName)
                    .containsExactly("model.onnx", "runtime.json");
            case TASK_NOT_SET -> throw new AssertionError("no task");
          }
        }
        assertThat(state.frontier().members())
            .isNotEmpty()
            .allSatisfy(
                trial -> {
                  assertThat(trial.scorecard().value(Metric.THROUGHPUT))
                      .hasValue(1000 + trial.number());
                  assertThat(trial.trained().value(Metric.THROUGHPUT).isPresent()).isEqualTo(goal);
                });
        server.journal(plan);
      }
    }
  }

  private static void tasksHoldWhatTheyShould(
      SearchPlan plan, SearchState state, List<Assign> assigned) {
    for (Assign assign : assigned) {
      TaskId task = TaskId.parse(assign.getRef().getTask()).orElseThrow();
      Trial trial = state.trial(task.trial()).orElseThrow();
      switch (task.kind()) {
        case TRAIN, REFIT -> {
          Train train = assign.getTrain();
          assertThat(train.getGenome()).isEqualTo(trial.genome());
          assertThat(train.getData().hasTest()).isFalse();
          assertThat(train.getTraining().getEpochs())
              .isEqualTo(task.kind() == TaskId.Kind.REFIT ? 12 : 1);
          assertThat(train.getTimeLimitSeconds())
              .isEqualTo(task.kind() == TaskId.Kind.REFIT ? 12 * 60 : 60);
        }
        case MEASURE -> {
          assertThat(assign.getMeasure().getData().hasTest()).isFalse();
          assertThat(assign.getMeasure().hasRuntime()).isFalse();
        }
        case TEST -> {
          assertThat(assign.getTest().getData().hasTest()).isTrue();
          assertThat(assign.getTest().getTrain().getTraining().getEpochs()).isEqualTo(12);
          assertThat(assign.getTest().getModel().getDigest()).hasSize(64);
        }
      }
    }
    long refitSeeds =
        assigned.stream()
            .filter(Assign::hasTrain)
            .filter(a -> a.getRef().getTask().endsWith("-" + TestServer.frontier(state).get(0)))
            .map(a -> a.getTrain().getSeed())
            .distinct()
            .count();
    assertThat(refitSeeds).as("a refit has its training's seed").isEqualTo(1);
  }

  @Test
  void givesTheSameTrialsOnOneTwoAndEightWorkers() throws Exception {
    List<String> expected = null;
    for (int workers : List.of(1, 2, 8)) {
      try (TestServer server = TestServer.open(folder.resolve("with-" + workers))) {
        SearchPlan plan = TinySearch.plan("tiny-1", 40);
        SearchHandle search = server.begin(plan);
        server.workers(workers);
        List<String> trials = TestServer.trials(TestServer.end(search));
        server.journal(plan);
        expected = expected == null ? trials : expected;
        assertThat(trials).as(workers + " workers").isEqualTo(expected);
      }
    }
  }

  @Test
  void runsTwoSearchesSideBySide() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle first = server.begin(TinySearch.plan("tiny-1", 40));
      SearchHandle second = server.begin(TinySearch.plan("tiny-2", 40));
      FakeWorker worker = server.worker(WorkerTraits.usual(2).taking(Duration.ofMillis(20)));
      TestServer.end(first);
      TestServer.end(second);
      List<String> early =
          worker.assigned.stream().limit(30).map(assign -> assign.getRef().getSearch()).toList();
      assertThat(early.stream().filter("tiny-1"::equals).count()).isBetween(10L, 20L);
    }
  }

  @Test
  void cancelsResumesAndExtends() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 30);
    List<String> resumed;
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(WorkerTraits.usual(2).taking(Duration.ofMillis(60)));
      await().until(() -> search.progress().counts().scored() >= 5);
      search.cancel();
      SearchState state = TestServer.end(search);
      assertThat(state.phase()).isEqualTo(Phase.CANCELLED);
      assertThat(state.leases()).isEmpty();
      await().untilAsserted(() -> assertThat(worker.running).isEmpty());

      SearchHandle again = server.resume(plan, Resumption.SAME_WORKERS);
      resumed = TestServer.trials(TestServer.end(again));
      SearchHandle extended = server.resume(plan, new Resumption(10, false));
      assertThat(TestServer.end(extended).counts().scored()).isEqualTo(40);
      assertThat(server.journal(plan)).anyMatch(SearchEvent.Extended.class::isInstance);
    }
    try (TestServer server = TestServer.open(folder.resolve("straight"))) {
      SearchHandle straight = server.begin(TinySearch.plan("tiny-1", 30));
      server.workers(1);
      assertThat(TestServer.trials(TestServer.end(straight))).isEqualTo(resumed);
    }
  }

  @Test
  void suspendsWhenTheCoordinatorClosesAndGoesOnWithTheSameTrials() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 30);
    SearchHandle suspended;
    try (TestServer server = TestServer.open(folder)) {
      suspended = server.begin(plan);
      server.worker(WorkerTraits.usual(2).taking(Duration.ofMillis(60)));
      await().until(() -> suspended.progress().counts().scored() >= 3);
    }
    assertThat(suspended.completion()).isCompletedExceptionally();
    List<String> resumed;
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.resume(plan, Resumption.NEW_WORKERS);
      server.workers(2);
      resumed = TestServer.trials(TestServer.end(search));
      server.journal(plan);
    }
    try (TestServer server = TestServer.open(folder.resolve("straight"))) {
      SearchHandle straight = server.begin(TinySearch.plan("tiny-1", 30));
      server.workers(2);
      assertThat(resumed).isEqualTo(TestServer.trials(TestServer.end(straight)));
    }
  }

  @Test
  void saysThatItWaitsForWorkersAndDoesNothingMeanwhile() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 5);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      List<SearchProgress> seen = new CopyOnWriteArrayList<>();
      await()
          .untilAsserted(
              () ->
                  assertThat(search.progress().message())
                      .isEqualTo("waiting for workers: none is connected"));
      search.onProgress(seen::add);
      long begun = seen.size();
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      assertThat(seen).as("changes while nothing happens").hasSize((int) begun);

      server.workers(1);
      assertThat(TestServer.end(search).counts().scored()).isEqualTo(5);
    }
  }

  @Test
  void saysThatNoConnectedWorkerWillDo() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      WorkerTraits usual = WorkerTraits.usual(1);
      server.worker(usual.with(usual.hello().toBuilder().clearEngines().addEngines("dl4j")));
      await().until(() -> server.server.coordination().workers().size() == 1);
      SearchHandle search = server.begin(TinySearch.plan("tiny-1", 5));
      await()
          .untilAsserted(
              () ->
                  assertThat(search.progress().message())
                      .isEqualTo(
                          "waiting for workers: 1 connected, but none with engine 'onednn'"));
      server.workers(1);
      assertThat(TestServer.end(search).counts().scored()).isEqualTo(5);
    }
  }

  @Test
  void endsWhenItsTimeIsOver() throws Exception {
    SearchPlan plan =
        TinySearch.within(TinySearch.plan("tiny-1", 1), Budget.ofTime(Duration.ofSeconds(3)));
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      server.worker(WorkerTraits.usual(2).taking(Duration.ofMillis(200)));
      SearchState state = TestServer.end(search);
      assertThat(state.phase()).isEqualTo(Phase.ENDED);
      assertThat(state.counts().stopped()).isPositive();
      assertThat(state.frontier().members()).allMatch(trial -> trial.has(TaskId.Kind.TEST));
      assertThat(server.journal(plan)).anyMatch(SearchEvent.TimeExpired.class::isInstance);
    }
  }
}
