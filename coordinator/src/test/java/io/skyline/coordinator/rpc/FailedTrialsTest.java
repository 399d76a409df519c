package io.skyline.coordinator.rpc;

import static io.skyline.coordinator.rpc.TestServer.leaseEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.v1.Assign;
import io.skyline.v1.Failed;
import io.skyline.v1.FailureKind;
import io.skyline.v1.GaveBack;
import io.skyline.v1.Report;
import io.skyline.v1.Scored;
import io.skyline.v1.TaskRef;
import io.skyline.v1.WorkerMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trials that crash, diverge or never return, and what the journal says of them. */
@Timeout(180)
final class FailedTrialsTest {
  private static final WorkerTraits ONE = WorkerTraits.usual(1);

  @TempDir Path folder;

  @Test
  void failsAGenomeThatCrashesEveryWorkerAndGoesOn() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 10);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      WorkerTraits crashing = ONE.failing(assign -> crash(assign, 3, FailureKind.CRASHED));
      for (int i = 0; i < 3; i++) {
        server.worker(crashing);
      }
      SearchState state = TestServer.end(search);
      assertThat(state.counts().scored()).isEqualTo(9);
      Trial crashed = state.trial(3).orElseThrow();
      assertThat(crashed.failure().orElseThrow().kind())
          .isEqualTo(io.skyline.scorecard.FailureKind.CRASHED);
      List<SearchEvent> events = server.journal(plan);
      assertThat(leaseEnds(events)).hasSize(2).allMatch(SearchEvent.LeaseEnded::counts);
      Set<String> workers =
          events.stream()
              .filter(e -> e instanceof SearchEvent.Leased l && l.task().trial() == 3)
              .map(e -> ((SearchEvent.Leased) e).worker())
              .collect(Collectors.toSet());
      assertThat(workers).as("distinct worker processes").hasSize(3);
    }
  }

  private static Optional<Failed> crash(Assign assign, int trial, FailureKind kind) {
    return assign.hasTrain() && assign.getTrain().getTrial() == trial
        ? Optional.of(Failed.newBuilder().setKind(kind).setReason("exit code 134").build())
        : Optional.empty();
  }

  @Test
  void retriesACrashOnTheOnlyWorkerThereIs() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 5);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      server.worker(
          ONE.failing(
              assign ->
                  assign.getRef().getAttempt() < 3
                      ? crash(assign, 2, FailureKind.CRASHED)
                      : Optional.empty()));
      assertThat(TestServer.end(search).counts().scored()).isEqualTo(5);
      server.journal(plan);
    }
  }

  @Test
  void endsADivergedTrialAtItsFirstAttempt() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 10);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker =
          server.worker(ONE.failing(assign -> crash(assign, 4, FailureKind.DIVERGED)));
      SearchState state = TestServer.end(search);
      assertThat(state.counts().failed()).isEqualTo(1);
      assertThat(worker.assigned.stream().filter(a -> a.getTrain().getTrial() == 4)).hasSize(1);
      server.journal(plan);
    }
  }

  @Test
  void takesAScoreThatIsNoNumberAsDivergence() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 3);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(ONE.neverReporting());
      await().until(() -> worker.running.size() == 1);
      TaskRef ref = worker.assigned.get(0).getRef();
      worker.say(
          WorkerMessage.newBuilder()
              .setReport(
                  Report.newBuilder()
                      .setRef(ref)
                      .setScored(
                          Scored.newBuilder()
                              .setScorecard(
                                  io.skyline.v1.Scorecard.newBuilder()
                                      .addMeasurements(
                                          io.skyline.v1.Measurement.newBuilder()
                                              .setMetric("accuracy")
                                              .setValue(Double.NaN)))))
              .build());
      await().until(() -> search.state().counts().failed() == 1);
      assertThat(search.state().trial(1).orElseThrow().failure().orElseThrow().kind())
          .isEqualTo(io.skyline.scorecard.FailureKind.DIVERGED);
    }
  }

  @Test
  void endsATaskThatLosesEveryWorkerWithoutATrace() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 3);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(ONE.neverReporting());
      await()
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                for (TaskRef ref : worker.running.keySet()) {
                  worker.running.remove(ref);
                  worker.say(
                      WorkerMessage.newBuilder()
                          .setGaveBack(GaveBack.newBuilder().setRef(ref).setReason("always"))
                          .build());
                  worker.demandAgain();
                }
                return search.state().counts().failed() == 1;
              });
      assertThat(search.state().trial(1).orElseThrow().failure().orElseThrow().kind())
          .isEqualTo(io.skyline.scorecard.FailureKind.WORKER_LOST);
    }
  }
}
