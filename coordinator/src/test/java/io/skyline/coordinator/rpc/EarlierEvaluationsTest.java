package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.EarlierRuns;
import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.evaluation.EvaluationCache;
import io.skyline.coordinator.evaluation.Evaluations;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.v1.Assign;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches that find their trainings done by earlier runs. */
@Timeout(180)
final class EarlierEvaluationsTest {
  private static final int TRIALS = 20;

  @TempDir Path folder;

  private static SearchPlan plan(String name) {
    return TinySearch.plan(name, TRIALS, OptionalInt.of(12), "onednn");
  }

  private Evaluations cache(TestServer server) {
    return new EvaluationCache(folder.resolve("cache"), server.store(), 1 << 24);
  }

  private SearchPlan reusing(SearchPlan plan, TestServer server) {
    return plan.with(new EarlierRuns(cache(server), List.of()));
  }

  /** A run that trains everything and keeps it. */
  private SearchState first(SearchPlan plan) throws Exception {
    try (TestServer server = TestServer.open(folder.resolve("first"))) {
      SearchHandle search =
          server.begin(plan.with(new EarlierRuns(cache(server).writeOnly(), List.of())));
      server.workers(2);
      SearchState state = TestServer.end(search);
      assertThat(state.counts().recalled()).isZero();
      return state;
    }
  }

  private static List<Assign> trainings(FakeWorker worker) {
    return worker.assigned.stream().filter(Assign::hasTrain).toList();
  }

  @Test
  void nothingIsTrainedTwiceAndTheResultIsTheSame() throws Exception {
    SearchState first = first(plan("tiny-1"));
    try (TestServer server = TestServer.open(folder.resolve("second"))) {
      SearchPlan plan = reusing(plan("tiny-2"), server);
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(WorkerTraits.usual(1));
      SearchState state = TestServer.end(search);

      assertThat(trainings(worker)).as("refits too are known").isEmpty();
      assertThat(TestServer.trials(state)).isEqualTo(TestServer.trials(first));
      assertThat(state.counts().recalled()).isEqualTo(TRIALS);
      assertThat(state.recalled(TaskId.train(3)).orElseThrow().source()).isEqualTo("tiny-1/3");
      assertThat(server.journal(plan).stream().filter(SearchEvent.Recalled.class::isInstance))
          .hasSizeGreaterThan(TRIALS);
      for (Trial trial : state.trials()) {
        assertThat(trial.artifacts()).isNotEmpty();
        assertThat(server.store().has(trial.artifacts().get(0).digest())).isTrue();
      }
    }
  }

  @Test
  void moreTrialsThanTheEarlierRunHadAreTrained() throws Exception {
    first(plan("tiny-1"));
    try (TestServer server = TestServer.open(folder.resolve("second"))) {
      SearchPlan longer = TinySearch.plan("tiny-2", TRIALS + 7, OptionalInt.of(12), "onednn");
      SearchPlan plan = reusing(longer, server);
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(WorkerTraits.usual(2));
      SearchState state = TestServer.end(search);
      assertThat(state.counts().recalled()).isEqualTo(TRIALS);
      assertThat(trainings(worker).stream().filter(a -> a.getRef().getTask().startsWith("train")))
          .hasSize(7);
      server.journal(plan);
    }
  }

  @Test
  void anotherArithmeticOrBuildOrEngineTrainsAll() throws Exception {
    first(plan("tiny-1"));
    WorkerTraits usual = WorkerTraits.usual(2);
    try (TestServer server = TestServer.open(folder.resolve("second"))) {
      SearchHandle search = server.begin(reusing(plan("tiny-2"), server));
      server.worker(usual.with(usual.hello().toBuilder().setNumericFingerprint("beef")));
      assertThat(TestServer.end(search).counts().recalled()).isZero();
    }
    try (TestServer server = TestServer.open(folder.resolve("third"))) {
      SearchPlan other = TinySearch.plan("tiny-3", TRIALS, OptionalInt.of(12), "dl4j");
      SearchHandle search = server.begin(reusing(other, server));
      server.worker(usual.with(usual.hello().toBuilder().clearEngines().addEngines("dl4j")));
      assertThat(TestServer.end(search).counts().recalled()).isZero();
    }
  }

  @Test
  void whatIsOfAMachineIsMeasuredAfresh() throws Exception {
    RuntimeBudget budget = new RuntimeBudget(Duration.ofMillis(700), OptionalInt.of(3));
    SearchState first = first(TinySearch.tuned(plan("tiny-1"), budget, true));
    try (TestServer server = TestServer.open(folder.resolve("second"))) {
      SearchPlan plan = reusing(TinySearch.tuned(plan("tiny-2"), budget, true), server);
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(WorkerTraits.usual(1));
      await().until(() -> search.progress().counts().recalled() >= 3);
      search.cancel();
      TestServer.end(search);
      // what is known of open tasks stands in the journal: the cache may go
      try (var files = Files.walk(folder.resolve("cache"))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      SearchState known = search.state();
      SearchHandle again = server.resume(plan, Resumption.SAME_WORKERS);
      SearchState state = TestServer.end(again);

      int recalled = state.counts().recalled();
      assertThat(recalled).isBetween(3, TRIALS - 1).isGreaterThanOrEqualTo(known.recalled().size());
      for (Trial trial : state.trials()) {
        boolean from = state.recalled(TaskId.train(trial.number())).isPresent();
        // a fake worker that trains says 900, one that measures 1000 and the trial's number
        assertThat(trial.trained().value(Metric.THROUGHPUT))
            .hasValue(from ? 1000 + trial.number() : 900);
        assertThat(trial.trained().value(Metric.ACCURACY))
            .isEqualTo(TinySearch.score(trial.genome()).value(Metric.ACCURACY));
        assertThat(first.trial(1).orElseThrow().trained().value(Metric.THROUGHPUT)).hasValue(900);
      }
      assertThat(
              worker.assigned.stream()
                  .filter(Assign::hasMeasure)
                  .filter(a -> a.getRef().getTask().startsWith("train")))
          .hasSizeGreaterThanOrEqualTo(recalled);
      server.journal(plan);
    }
  }
}
