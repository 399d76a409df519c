package io.skyline.coordinator.rpc;

import static io.skyline.coordinator.rpc.TestServer.leaseEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.Assign;
import io.skyline.v1.GaveBack;
import io.skyline.v1.Report;
import io.skyline.v1.Scored;
import io.skyline.v1.TaskRef;
import io.skyline.v1.WorkerMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers that vanish, stall, repeat themselves or drain: leases move, and nothing counts twice.
 */
@Timeout(180)
final class LeasesTest {
  private static final WorkerTraits ONE = WorkerTraits.usual(1);

  @TempDir Path folder;

  @Test
  void leasesALostWorkersTaskAgainWithoutCostingAnAttempt() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 10);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker lost = server.worker(ONE.neverReporting());
      await().until(() -> lost.running.size() == 1);
      lost.close();
      long closed = System.nanoTime();
      FakeWorker other = server.worker(ONE);
      await().until(() -> other.assigned.stream().anyMatch(a -> a.getRef().getAttempt() == 2));
      assertThat(Duration.ofNanos(System.nanoTime() - closed))
          .as("lease and one heartbeat, and a busy machine")
          .isLessThan(Duration.ofMillis(2_200 + 5_000));
      assertThat(TestServer.end(search).counts().scored()).isEqualTo(10);
      assertThat(leaseEnds(server.journal(plan)))
          .singleElement()
          .satisfies(end -> assertThat(end.counts()).isFalse())
          .satisfies(end -> assertThat(end.reason()).contains("worker was lost"));
    }
  }

  @Test
  void leasesAgainWhatAPresentWorkerNoLongerNames() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 3);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker forgetful = server.worker(ONE.neverReporting());
      await().until(() -> forgetful.running.size() == 1);
      forgetful.running.clear();
      await().until(() -> forgetful.cancelled.size() == 1);
      forgetful.close();
      server.workers(1);
      TestServer.end(search);
      assertThat(leaseEnds(server.journal(plan)).get(0).reason()).contains("lease ran out");
    }
  }

  @Test
  void keepsTheLeaseOfALongTaskThatHeartbeatsName() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 1);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(ONE.neverReporting());
      await().until(() -> worker.running.size() == 1);
      await().pollDelay(TestServer.IMPATIENT.lease().multipliedBy(2)).until(() -> true);
      assertThat(search.state().leases())
          .singleElement()
          .satisfies(lease -> assertThat(lease.attempt()).isEqualTo(1));
    }
  }

  @Test
  void letsAWorkerGoOnWhoseConnectionBreaksAndComesBack() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 6);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(ONE.taking(Duration.ofMillis(400)));
      for (int trial = 1; trial <= 3; trial++) {
        int at = trial;
        await().until(() -> worker.assigned.size() == at);
        worker.breakStream();
      }
      TestServer.end(search);
      assertThat(leaseEnds(server.journal(plan))).isEmpty();
      assertThat(worker.assigned).allMatch(assign -> assign.getRef().getAttempt() == 1);
    }
  }

  @Test
  void countsDuplicateReportsOnce() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 20);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(ONE.sending(4));
      SearchState state = TestServer.end(search);
      assertThat(state.counts().scored()).isEqualTo(20);
      assertThat(worker.acknowledged.size()).isGreaterThan(2 * 20);
      server.journal(plan); // I1 would be broken
    }
  }

  @Test
  void letsTheFirstOfTwoAttemptsWin() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 4);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker first = server.worker(ONE.neverReporting());
      await().until(() -> first.running.size() == 1);
      Assign lost = first.assigned.get(0);
      first.close();
      await().until(() -> search.state().leases().isEmpty());
      FakeWorker second = server.worker(ONE.neverReporting());
      await().until(() -> second.running.size() == 1);
      assertThat(second.assigned.get(0).getRef().getAttempt()).isEqualTo(2);

      // attempt 1 was only slow to arrive; attempt 2 runs
      second.say(report(lost.getRef(), .9));
      await().until(() -> second.cancelled.size() == 1);
      assertThat(second.cancelled.get(0).getAttempt()).isEqualTo(2);
      // attempt 2 reports all the same
      second.say(report(second.assigned.get(0).getRef(), .1));
      await().until(() -> second.acknowledged.size() == 2);

      Trial trial = search.state().trial(1).orElseThrow();
      assertThat(trial.trained().value(Metric.ACCURACY)).hasValue(.9);
      second.close();
      server.workers(1);
      TestServer.end(search);
      server.journal(plan);
    }
  }

  private static WorkerMessage report(TaskRef ref, double accuracy) {
    Scorecard scorecard =
        Scorecard.EMPTY
            .with(Metric.ACCURACY, Measurement.exact(accuracy))
            .with(Metric.SIZE, Measurement.exact(60_000)); // infeasible: needs no model
    return WorkerMessage.newBuilder()
        .setReport(
            Report.newBuilder()
                .setRef(ref)
                .setScored(Scored.newBuilder().setScorecard(Scorecards.message(scorecard))))
        .build();
  }

  @Test
  void drainingCostsNoAttempt() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 12);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker finishing = server.worker(ONE.taking(Duration.ofMillis(300)));
      FakeWorker returning = server.worker(ONE.neverReporting());
      await().until(() -> finishing.running.size() + returning.running.size() == 2);
      int had = finishing.assigned.size();
      finishing.drainSoon();
      TaskRef returned = returning.assigned.get(0).getRef();
      returning.say(
          WorkerMessage.newBuilder()
              .setGaveBack(GaveBack.newBuilder().setRef(returned).setReason("SIGTERM"))
              .build());
      await().until(() -> leasedNoMore(search, returned));
      returning.close();
      server.workers(1);
      TestServer.end(search);
      assertThat(finishing.assigned).as("nothing new after it drains").hasSize(had);
      List<SearchEvent> events = server.journal(plan);
      assertThat(leaseEnds(events))
          .isNotEmpty()
          .noneMatch(SearchEvent.LeaseEnded::counts)
          .anyMatch(end -> end.reason().equals("given back: SIGTERM"));
      TaskId finished =
          TaskId.parse(finishing.assigned.get(had - 1).getRef().getTask()).orElseThrow();
      assertThat(leaseEnds(events)).noneMatch(end -> end.task().equals(finished));
    }
  }

  private static boolean leasedNoMore(SearchHandle search, TaskRef ref) {
    return search.state().leases().stream()
        .noneMatch(
            lease ->
                lease.task().text().equals(ref.getTask()) && lease.attempt() == ref.getAttempt());
  }
}
