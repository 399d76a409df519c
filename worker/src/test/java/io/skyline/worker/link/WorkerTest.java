package io.skyline.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.Cancel;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.FailureKind;
import io.skyline.v1.Hello;
import io.skyline.v1.Report;
import io.skyline.v1.RunningTask;
import io.skyline.v1.TaskRef;
import io.skyline.v1.Train;
import io.skyline.v1.WorkerMessage;
import io.skyline.worker.trial.ChildSettings;
import io.skyline.worker.trial.ScriptedChild;
import io.skyline.worker.trial.Slot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerTest {
  private static final int SLOTS = 2;

  @TempDir Path folder;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private TestCoordinator coordinator;
  private ManagedChannel channel;
  private Worker worker;
  private CompletableFuture<SessionEnd> ended;

  @BeforeEach
  void join() throws Exception {
    coordinator = new TestCoordinator(0);
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", coordinator.port()).usePlaintext().build();
    ChildSettings settings =
        new ChildSettings(ScriptedChild.class.getName(), Map.of(), 64, 1024, 900, 0, folder);
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new Slot(settings, clock));
    }
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    worker = new Worker(channel, Hello.newBuilder().setSlots(SLOTS).build(), slots, scratch);
    ended = worker.start();
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.DEMAND) == 1);
  }

  @AfterEach
  void leave() throws Exception {
    worker.close();
    channel.shutdownNow();
    coordinator.close();
    clock.shutdownNow();
  }

  private static TaskRef task(String name, int attempt) {
    return TaskRef.newBuilder().setSearch("s").setTask(name).setAttempt(attempt).build();
  }

  private void assign(String name, int attempt) {
    assign(name, attempt, 50);
  }

  private void assign(String name, int attempt, int limitSeconds) {
    coordinator.send(
        CoordinatorMessage.newBuilder()
            .setAssign(
                Assign.newBuilder()
                    .setRef(task(name, attempt))
                    .setTrain(Train.newBuilder().setTimeLimitSeconds(limitSeconds))));
  }

  private Report report(int number) {
    await().atMost(Duration.ofSeconds(30)).until(() -> coordinator.reports().size() >= number);
    return coordinator.reports().get(number - 1);
  }

  private void awaitBeatOf(String name) {
    await()
        .until(
            () ->
                coordinator.heard.stream()
                    .flatMap(message -> message.getHeartbeat().getRunningList().stream())
                    .anyMatch(beat -> beat.getTask().equals(task(name, 1))));
  }

  private int lastDemand() {
    return coordinator.heard.stream()
        .filter(WorkerMessage::hasDemand)
        .reduce((first, second) -> second)
        .orElseThrow()
        .getDemand()
        .getSlots();
  }

  @Test
  void storesWhatATaskMakesBeforeItReports() throws Exception {
    assertThat(lastDemand()).isEqualTo(SLOTS);
    assign("store", 1);
    Report report = report(1);
    assertThat(report.getRef()).isEqualTo(task("store", 1));
    assertThat(report.getScored().getArtifactsList())
        .extracting(ArtifactRef::getName)
        .containsExactly("model.onnx", "empty.txt");
    ArtifactRef model = report.getScored().getArtifacts(0);
    assertThat(coordinator.artifacts.get(model.getDigest()))
        .isEqualTo(ByteString.copyFrom(new byte[1 << 20]));
    assertThat(coordinator.artifacts).hasSize(2);
    await().until(() -> lastDemand() == SLOTS);
    try (var left = Files.list(folder.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFullStoreDelaysTheReportAndLosesNothing() {
    coordinator.failingUploads.set(3);
    assign("store", 1);
    assertThat(report(1).getScored().getArtifactsCount()).isEqualTo(2);
    assertThat(coordinator.artifacts).hasSize(2);
  }

  @Test
  void anUploadThatCanNeverSucceedCostsAnAttempt() {
    coordinator.uploadFailure = Status.INVALID_ARGUMENT.withDescription("a file may have 9 bytes");
    coordinator.failingUploads.set(1);
    assign("store", 1);
    Report report = report(1);
    assertThat(report.getFailed().getKind()).isEqualTo(FailureKind.BAD_ARTIFACT);
    assertThat(report.getFailed().getReason()).contains("a file may have 9 bytes");
    assertThat(coordinator.count(WorkerMessage.MessageCase.GAVE_BACK)).isZero();
  }

  @Test
  void childrenFetchFromTheCoordinator() {
    coordinator.artifacts.put("d1gest", ByteString.copyFrom(new byte[600_000]));
    assign("fetch", 1);
    assertThat(report(1).hasScored()).isTrue();
  }

  @Test
  void anArtifactThatTheCoordinatorLacksFailsTheTask() {
    assign("fetch", 1);
    assertThat(report(1).getFailed().getReason()).contains("never stored");
  }

  @Test
  void aChildThatDiesFailsItsTaskAndNoOther() {
    assign("exit", 1);
    assign("patient", 1);
    assertThat(report(1).getFailed().getKind()).isEqualTo(FailureKind.CRASHED);
    assign("a", 1);
    assertThat(report(2).hasScored()).isTrue();
    assertThat(ended).isNotDone();
  }

  @Test
  void aTaskBeyondItsLimitTimesOut() {
    assign("endless", 1, 1);
    assertThat(report(1).getFailed().getKind()).isEqualTo(FailureKind.TIMED_OUT);
  }

  @Test
  void heartbeatsNameWhatRuns() {
    assign("patient", 4);
    await()
        .untilAsserted(
            () ->
                assertThat(coordinator.heard)
                    .filteredOn(WorkerMessage::hasHeartbeat)
                    .last()
                    .satisfies(
                        beat ->
                            assertThat(beat.getHeartbeat().getRunningList())
                                .containsExactly(
                                    RunningTask.newBuilder()
                                        .setTask(task("patient", 4))
                                        .setStage("train")
                                        .setFraction(0.5)
                                        .build())));
  }

  @Test
  void aCancelledTaskFreesItsSlotWithoutAReport() {
    assign("patient", 1);
    assign("endless", 1);
    assign("a", 1); // no slot is free
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.GAVE_BACK) == 1);
    coordinator.send(
        CoordinatorMessage.newBuilder().setCancel(Cancel.newBuilder().setRef(task("patient", 1))));
    await().until(() -> lastDemand() == 1);
    assertThat(coordinator.reports()).isEmpty();
  }

  @Test
  void theSameAssignmentTwiceIsOneTask() {
    assign("patient", 1);
    assign("patient", 1);
    assign("a", 1);
    assertThat(report(1).getRef().getTask()).isEqualTo("a");
    assertThat(coordinator.count(WorkerMessage.MessageCase.GAVE_BACK)).isZero();
  }

  @Test
  void aTaskGoesOnWhileTheSessionIsBroken() {
    assign("slow", 1);
    coordinator.breakSessions();
    assertThat(report(1).getRef()).isEqualTo(task("slow", 1));
  }

  @Test
  void drainingFinishesWhatRunsAndTakesNothingNew() throws Exception {
    assign("slow", 1);
    awaitBeatOf("slow");
    CompletableFuture<SessionEnd> drained = worker.drain(Duration.ofSeconds(30));
    await().until(() -> coordinator.count(WorkerMessage.MessageCase.DRAINING) == 1);
    assign("a", 1);
    assertThat(drained.get(20, TimeUnit.SECONDS)).isEqualTo(new SessionEnd.Drained());
    assertThat(coordinator.reports()).extracting(Report::getRef).containsOnly(task("slow", 1));
    assertThat(coordinator.count(WorkerMessage.MessageCase.GAVE_BACK)).isEqualTo(1);
  }

  @Test
  void drainingGivesUpOnATaskAfterItsGrace() throws Exception {
    assign("endless", 1);
    awaitBeatOf("endless");
    worker.drain(Duration.ofSeconds(1)).get(5, TimeUnit.SECONDS);
    worker.close();
    assertThat(coordinator.reports()).isEmpty();
  }
}
