package io.skyline.coordinator.actor;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MatchingTest {
  private static final DispatchSettings SETTINGS = DispatchSettings.USUAL;
  private final ActorTestKit akka = ActorTestKit.create();
  private final TestProbe<SearchCommand> search = akka.createTestProbe(SearchCommand.class);
  private final TestProbe<SessionCommand> session = akka.createTestProbe(SessionCommand.class);
  private final Roster roster = new Roster(SETTINGS, () -> 0);
  private final Matching matching = new Matching(roster, SETTINGS);

  @BeforeEach
  void open() {
    SearchEntry entry =
        new SearchEntry(
            "s",
            search.getRef(),
            new DispatcherCommand.WorkerNeeds("onednn", true, Optional.empty()));
    entry.waiting = true;
    roster.open(entry);
  }

  @AfterEach
  void stop() {
    akka.shutdownTestKit();
  }

  private WorkerEntry arrives(int slots) {
    WorkerIdentity identity =
        new WorkerIdentity("w", "here", slots, "build", 1, "f00d", List.of("onednn"), "catalog");
    WorkerEntry worker = new WorkerEntry(identity, session.getRef(), 0);
    worker.demand = slots;
    roster.add(worker);
    return worker;
  }

  private SearchCommand.Lease asked() {
    return search.expectMessageClass(SearchCommand.Lease.class);
  }

  @Test
  void asksOnceForEachFreeSlot() {
    arrives(2);
    matching.match();
    assertThat(asked().slots()).isEqualTo(2);
    matching.match();
    search.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void remembersWhatItAskedForAWorkerThatLeftAndCameBack() {
    WorkerEntry lost = arrives(2);
    matching.match();
    SearchCommand.Lease first = asked();
    roster.remove(lost, "not heard for 20 s");
    arrives(2);
    matching.match();
    search.expectNoMessage(Duration.ofMillis(100));
    matching.settle(first.request(), 2, "s");
    matching.match();
    assertThat(asked().slots()).as("after the answer: those that are free, no more").isEqualTo(2);
  }

  @Test
  void asksNoSearchAgainThatHadTooLittleUntilSomethingChanges() {
    arrives(2);
    matching.match();
    matching.settle(asked().request(), 1, "s");
    matching.match();
    search.expectNoMessage(Duration.ofMillis(100));
    matching.reconsider("s");
    matching.match();
    assertThat(asked().slots()).isEqualTo(2);
  }
}
