package io.skyline.coordinator.actor;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import io.skyline.coordinator.journal.JournalDatabase;
import io.skyline.coordinator.journal.JournalReader;
import io.skyline.coordinator.rpc.TinySearch;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Invariants;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.scorecard.Scorecard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** DESIGN section 7, row 19: the clock on the wall jumps, the monotonic one does not. */
@Timeout(120)
final class ClockJumpTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @TempDir Path folder;

  /** A worker without a network: scores at once. */
  private static final class DirectWorker implements Outbox {
    private final CompletableFuture<ActorRef<SessionCommand>> session = new CompletableFuture<>();

    @Override
    public void send(CoordinatorSignal signal) {
      if (signal instanceof CoordinatorSignal.Assign assign) {
        say(new WorkerSignal.Report(assign.assignment().lease(), score(assign.assignment())));
      }
      if (!(signal instanceof CoordinatorSignal.Acknowledged)) {
        say(new WorkerSignal.Demand(1));
      }
    }

    private static TaskResult score(Assignment assignment) {
      Scorecard scorecard =
          assignment.message().hasTrain()
              ? TinySearch.score(assignment.message().getTrain().getGenome())
              : Scorecard.EMPTY;
      return new TaskResult.Scored(
          scorecard, List.of(new Artifact("model.onnx", "0".repeat(64), 1)));
    }

    void say(WorkerSignal signal) {
      session.join().tell(new SessionCommand.Incoming(signal));
    }

    @Override
    public void next() {}

    @Override
    public void close() {}

    @Override
    public void fail(String reason) {}
  }

  @Test
  void losesNoLeaseWhenTheClockJumpsAnHour() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 20);
    AtomicLong reads = new AtomicLong();
    SearchState state;
    try (JournalDatabase database = JournalDatabase.open(folder)) {
      ActorSystem<DispatcherCommand> system =
          ActorSystem.create(
              Dispatcher.of(DispatchSettings.USUAL, System::nanoTime, 1),
              "test",
              database.akkaConfig());
      ProgressBoard board = board(plan);
      SearchSurroundings around =
          new SearchSurroundings(
              system,
              board,
              Resumption.SAME_WORKERS,
              "test-build",
              System::nanoTime,
              () -> System.currentTimeMillis() + HOUR * (reads.incrementAndGet() % 3 - 1));
      system.systemActorOf(SearchActor.of(plan, around), "search", Props.empty());
      DirectWorker worker = new DirectWorker();
      Admission admission = new Admission("test-build", "");
      worker.session.complete(
          system.systemActorOf(
              WorkerSession.of(system, admission, worker), "session", Props.empty()));
      worker.say(
          new WorkerSignal.Hello(
              new WorkerIdentity("w", "here", 1, "test-build", 1, "f00d", List.of("onednn"), "")));
      state = board.over().get(60, TimeUnit.SECONDS);
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(40, TimeUnit.SECONDS);
    }
    assertThat(state.counts().scored()).isEqualTo(20);
    List<SearchEvent> events = JournalReader.read(folder);
    assertThat(events).noneMatch(SearchEvent.LeaseEnded.class::isInstance);
    assertThat(Invariants.check(plan.settings(), events)).isEmpty();
  }

  private static ProgressBoard board(SearchPlan plan) {
    SearchState nothing = SearchState.initial(plan.settings());
    ProgressEstimate estimate =
        new ProgressEstimate("t", s -> "", System::nanoTime, nothing, Duration.ZERO);
    return new ProgressBoard(
        new ProgressBoard.Sheet(nothing, estimate.of(nothing, new SearchCommand.Situation(0, 0))));
  }
}
