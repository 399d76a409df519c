package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** DESIGN section 7, row 3: kill -9 of the coordinator at random moments. */
final class KilledCoordinatorTest {
  @TempDir Path folder;

  @Test
  @Timeout(400)
  void resumesWithTheSameFrontierAfterKills() throws Exception {
    killAndCompare(2, 40);
  }

  @Test
  @Tag("full")
  @Timeout(900)
  void resumesWithTheSameFrontierAfterTwentyKills() throws Exception {
    killAndCompare(20, 400);
  }

  private void killAndCompare(int kills, int trials) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    SearchPlan plan = CoordinatorProcess.plan(trials);
    int port = freePort();
    WorkerTraits slow = WorkerTraits.usual(1).taking(Duration.ofMillis(60)).sending(2);
    List<SearchEvent> events;
    try (FakeWorker one = new FakeWorker(port, slow);
        FakeWorker two = new FakeWorker(port, slow)) {
      Path killed = folder.resolve("killed");
      int killsInTime = 0;
      for (int kill = 0; kill < kills; kill++) {
        try (CoordinatorProcess coordinator = CoordinatorProcess.start(killed, port, trials)) {
          if (kill % 4 != 3) { // every fourth dies while it starts
            int before = one.acknowledged.size() + two.acknowledged.size();
            await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> one.acknowledged.size() + two.acknowledged.size() > before);
          }
          TimeUnit.MILLISECONDS.sleep(random.nextInt(250));
          killsInTime += coordinator.isAlive() ? 1 : 0;
        }
      }
      try (CoordinatorProcess coordinator = CoordinatorProcess.start(killed, port, trials)) {
        coordinator.await("done");
      }
      assertThat(killsInTime).as("kills before the end, seed " + seed).isEqualTo(kills);
      events =
          TestServer.checked(killed.resolve(plan.name()), plan, TestServer.acknowledged(one, two));
    }
    SearchState state = SearchState.of(plan.settings(), events);
    assertThat(events.stream().filter(SearchEvent.Resumed.class::isInstance).count())
        .isBetween(kills - kills / 4L, (long) kills);
    try (TestServer server = TestServer.open(folder.resolve("straight"))) {
      SearchHandle straight = server.begin(plan);
      server.workers(2);
      SearchState expected = TestServer.end(straight);
      assertThat(TestServer.trials(state))
          .as("seed " + seed)
          .isEqualTo(TestServer.trials(expected));
      assertThat(TestServer.frontier(state)).isEqualTo(TestServer.frontier(expected)).isNotEmpty();
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
