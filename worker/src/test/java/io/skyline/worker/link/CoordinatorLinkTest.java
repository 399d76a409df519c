package io.skyline.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.skyline.v1.Assign;
import io.skyline.v1.Cancel;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.Failed;
import io.skyline.v1.Hello;
import io.skyline.v1.Report;
import io.skyline.v1.RunningTask;
import io.skyline.v1.TaskRef;
import io.skyline.v1.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoordinatorLinkTest {
  private final List<Assign> assigned = new CopyOnWriteArrayList<>();
  private final List<TaskRef> cancelled = new CopyOnWriteArrayList<>();
  private final List<RunningTask> running = new CopyOnWriteArrayList<>();
  private final AtomicBoolean breaks = new AtomicBoolean();
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private TestCoordinator coordinator;
  private ManagedChannel channel;
  private CoordinatorLink link;

  @BeforeEach
  void listen() throws Exception {
    coordinator = new TestCoordinator(0);
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", coordinator.port()).usePlaintext().build();
    link =
        new CoordinatorLink(
            channel,
            Hello.newBuilder().setWorkerId("w").setSlots(3).build(),
            new Recorder(),
            loop,
            new Backoff(
                Duration.ofMillis(20), Duration.ofMillis(200), RandomGenerator.getDefault()));
  }

  @AfterEach
  void stop() throws Exception {
    link.close();
    channel.shutdownNow();
    coordinator.close();
    loop.shutdown();
  }

  private final class Recorder implements Assignments {
    @Override
    public void assign(Assign assign) {
      assigned.add(assign);
    }

    @Override
    public void cancel(TaskRef task, String reason) {
      cancelled.add(task);
    }

    @Override
    public void drain(String reason) {
      link.drain();
    }

    @Override
    public List<RunningTask> running() {
      if (breaks.getAndSet(false)) {
        throw new IllegalStateException("a slot is broken");
      }
      return running;
    }

    @Override
    public int free() {
      return 3 - running.size();
    }
  }

  private static TaskRef task(String name) {
    return TaskRef.newBuilder().setSearch("s").setTask(name).setAttempt(1).build();
  }

  private static Report report(String name) {
    return Report.newBuilder()
        .setRef(task(name))
        .setFailed(Failed.newBuilder().setReason("because"))
        .build();
  }

  private void join() {
    link.start();
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.DEMAND) > 0);
  }

  @Test
  void saysHelloBeatsAndAsksForTasks() {
    running.add(RunningTask.newBuilder().setTask(task("train-1")).setFraction(0.25).build());
    join();
    assertThat(coordinator.heard.get(0).getHello().getWorkerId()).isEqualTo("w");
    assertThat(coordinator.heard.get(1).getHeartbeat().getRunning(0).getFraction()).isEqualTo(0.25);
    assertThat(coordinator.heard.get(2).getDemand().getSlots()).isEqualTo(2);
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.HEARTBEAT) >= 3);
  }

  @Test
  void beatsAsOftenAsItIsTold() {
    coordinator.heartbeatMillis = 150;
    join();
    await()
        .atMost(Duration.ofSeconds(4))
        .until(() -> coordinator.count(WorkerMessage.MessageCase.HEARTBEAT) >= 8);
  }

  @Test
  void aHeartbeatThatFailsIsFollowedByOthersInAnotherSession() {
    join();
    breaks.set(true);
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.HELLO) == 2);
    long beats = coordinator.count(WorkerMessage.MessageCase.HEARTBEAT);
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.HEARTBEAT) >= beats + 2);
  }

  @Test
  void handsTasksAndCancellationsOn() {
    join();
    coordinator.send(
        CoordinatorMessage.newBuilder().setAssign(Assign.newBuilder().setRef(task("train-1"))));
    coordinator.send(
        CoordinatorMessage.newBuilder().setCancel(Cancel.newBuilder().setRef(task("train-2"))));
    await().until(() -> cancelled.contains(task("train-2")));
    assertThat(assigned).extracting(Assign::getRef).containsExactly(task("train-1"));
  }

  @Test
  void repeatsAReportUntilItIsAcknowledged() {
    coordinator.acknowledges = false;
    join();
    link.report(report("train-1"));
    await().until(() -> coordinator.reports().size() >= 3);
    assertThat(coordinator.heard)
        .filteredOn(WorkerMessage::hasHeartbeat)
        .last()
        .satisfies(
            beat ->
                assertThat(beat.getHeartbeat().getRunningList())
                    .extracting(RunningTask::getTask)
                    .containsExactly(task("train-1")));
    coordinator.acknowledges = true;
    int before = coordinator.reports().size();
    await().until(() -> coordinator.reports().size() > before);
    int acknowledged = coordinator.reports().size();
    await()
        .pollDelay(Duration.ofSeconds(3))
        .untilAsserted(() -> assertThat(coordinator.reports()).hasSize(acknowledged));
  }

  @Test
  void keepsAReportOverABrokenSession() {
    coordinator.acknowledges = false;
    join();
    link.report(report("train-1"));
    await().until(() -> coordinator.reports().size() == 1);
    coordinator.heard.clear();
    coordinator.breakSessions();
    await().until(() -> !coordinator.reports().isEmpty());
    assertThat(coordinator.heard.get(0).hasHello()).isTrue();
    assertThat(coordinator.heard.get(1).getReport()).isEqualTo(report("train-1"));
  }

  @Test
  void aReportMadeWhileTheCoordinatorIsAwayReachesTheNextOne() throws Exception {
    join();
    int port = coordinator.port();
    coordinator.close();
    link.report(report("train-7"));
    TimeUnit.MILLISECONDS.sleep(500); // long enough for refused connections
    try (TestCoordinator next = new TestCoordinator(port)) {
      await().until(() -> next.reports().contains(report("train-7")));
    }
  }

  @Test
  void asksForNoMoreTasksThanItsReportsHaveRoomFor() {
    coordinator.acknowledges = false;
    join();
    for (int i = 0; i < 62; i++) {
      link.report(report("train-" + i));
    }
    link.demand();
    await()
        .untilAsserted(
            () ->
                assertThat(coordinator.heard)
                    .filteredOn(WorkerMessage::hasDemand)
                    .last()
                    .returns(2, demand -> demand.getDemand().getSlots()));
  }

  @Test
  void aRefusalEndsTheSessionWithItsReason() throws Exception {
    coordinator.refuses = true;
    link.start();
    assertThat(link.ended().get(10, TimeUnit.SECONDS))
        .isEqualTo(new SessionEnd.Refused("another build: 9.9.9"));
    assertThat(coordinator.count(WorkerMessage.MessageCase.HELLO)).isEqualTo(1);
  }

  @Test
  void drainingWaitsForTheLastAcknowledgement() throws Exception {
    coordinator.acknowledges = false;
    running.add(RunningTask.newBuilder().setTask(task("train-1")).build());
    join();
    link.drain();
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.DRAINING) == 1);
    long demands = coordinator.count(WorkerMessage.MessageCase.DEMAND);
    running.clear();
    link.report(report("train-1"));
    link.demand();
    await().until(() -> coordinator.reports().size() >= 2);
    assertThat(link.ended()).isNotDone();
    coordinator.acknowledges = true;
    assertThat(link.ended().get(10, TimeUnit.SECONDS)).isEqualTo(new SessionEnd.Drained());
    assertThat(coordinator.count(WorkerMessage.MessageCase.DEMAND)).isEqualTo(demands);
  }

  @Test
  void aDrainedSessionEndsWhenTheCoordinatorHasReadAll() throws Exception {
    coordinator.farewellMillis = 500;
    join();
    long start = System.nanoTime();
    link.drain();
    assertThat(link.ended().get(10, TimeUnit.SECONDS)).isEqualTo(new SessionEnd.Drained());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    assertThat(coordinator.count(WorkerMessage.MessageCase.DRAINING)).isEqualTo(1);
  }

  @Test
  void aDrainedSessionDoesNotWaitForeverForACoordinatorThatIsSilent() throws Exception {
    coordinator.farewellMillis = 60_000;
    join();
    link.drain();
    assertThat(link.ended().get(5, TimeUnit.SECONDS)).isEqualTo(new SessionEnd.Drained());
  }
}
