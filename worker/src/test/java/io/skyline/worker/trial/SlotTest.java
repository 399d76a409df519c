package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.v1.Assign;
import io.skyline.v1.CancelTask;
import io.skyline.v1.FailureKind;
import io.skyline.v1.RunTask;
import io.skyline.v1.SlotCommand;
import io.skyline.v1.TaskRef;
import java.io.IOException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SlotTest {
  private static final Duration AMPLE = Duration.ofSeconds(50);

  @TempDir Path folder;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stopClock() {
    clock.shutdownNow();
  }

  private ChildSettings settings(int recycleTasks) {
    return new ChildSettings(
        ScriptedChild.class.getName(), Map.of(), 64, 1024, 900, recycleTasks, folder);
  }

  private Slot slot() {
    return new Slot(settings(0), clock);
  }

  private RunTask task(String name) {
    return RunTask.newBuilder()
        .setAssign(Assign.newBuilder().setRef(TaskRef.newBuilder().setTask(name)))
        .setFolder(folder.toString())
        .build();
  }

  private TaskEnd run(Slot slot, String name) throws InterruptedException {
    return slot.run(task(name), AMPLE, new SilentHost());
  }

  /** Every scripted success carries the process id of the child as its one number. */
  private static long pid(TaskEnd end) {
    assertThat(end).isInstanceOf(TaskEnd.Scored.class);
    return (long) ((TaskEnd.Scored) end).result().getScorecard().getMeasurements(0).getValue();
  }

  private static void assertFailed(TaskEnd end, FailureKind kind, String reason) {
    assertThat(end).isInstanceOf(TaskEnd.Failed.class);
    assertThat(((TaskEnd.Failed) end).result().getKind()).isEqualTo(kind);
    assertThat(((TaskEnd.Failed) end).result().getReason()).contains(reason);
  }

  /** Runs a task and hands back its end and the moment it began. */
  private static final class Started {
    final CompletableFuture<Void> began = new CompletableFuture<>();
    final CompletableFuture<TaskEnd> end;

    Started(Slot slot, RunTask task) {
      end =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return slot.run(task, AMPLE, new SilentHost(() -> began.complete(null)));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
    }
  }

  @Test
  void reusesOneChildForManyTasks() throws Exception {
    try (Slot slot = slot()) {
      long first = pid(run(slot, "a"));
      assertThat(first).isNotEqualTo(ProcessHandle.current().pid());
      for (int i = 0; i < 20; i++) {
        assertThat(pid(run(slot, "b"))).isEqualTo(first);
      }
      run(slot, "write");
      assertThat(folder.resolve("greeting.txt")).hasContent("hello from the child");
    }
  }

  @Test
  void replacesTheChildAfterItsNumberOfTasks() throws Exception {
    try (Slot slot = new Slot(settings(2), clock)) {
      long first = pid(run(slot, "a"));
      assertThat(pid(run(slot, "b"))).isEqualTo(first);
      long second = pid(run(slot, "c"));
      assertThat(second).isNotEqualTo(first);
      assertThat(ProcessHandle.of(first)).isNotPresent();
    }
  }

  @Test
  void whatTheChildPrintsNeverGarblesTheConversation() throws Exception {
    try (Slot slot = slot()) {
      long child = pid(run(slot, "noisy"));
      assertThat(pid(run(slot, "a"))).isEqualTo(child);
    }
  }

  @Test
  void aKilledChildIsACrashAndTheSlotGoesOn() throws Exception {
    try (Slot slot = slot()) {
      Started endless = new Started(slot, task("endless"));
      endless.began.get(30, TimeUnit.SECONDS);
      long child = slot.childPid();
      ProcessHandle.of(child).orElseThrow().destroyForcibly();
      assertFailed(endless.end.get(5, TimeUnit.SECONDS), FailureKind.CRASHED, "exit code 137");
      assertThat(pid(run(slot, "a"))).isNotEqualTo(child);
    }
  }

  @Test
  void aChildKilledBetweenTasksCostsNoTask() throws Exception {
    try (Slot slot = slot()) {
      long child = pid(run(slot, "a"));
      ProcessHandle.of(child).orElseThrow().destroyForcibly();
      await().until(() -> ProcessHandle.of(child).isEmpty());
      assertThat(pid(run(slot, "b"))).isNotEqualTo(child);
    }
  }

  @Test
  void aTaskThatExitsIsACrashWithItsCode() throws Exception {
    try (Slot slot = slot()) {
      assertFailed(run(slot, "exit"), FailureKind.CRASHED, "exit code 7");
      pid(run(slot, "a"));
    }
  }

  @Test
  void aTaskBeyondItsLimitTimesOutAndTheSlotGoesOn() throws Exception {
    try (Slot slot = slot()) {
      pid(run(slot, "a"));
      TaskEnd end = slot.run(task("endless"), Duration.ofSeconds(1), new SilentHost());
      assertFailed(end, FailureKind.TIMED_OUT, "limit of 1 s");
      pid(run(slot, "b"));
    }
  }

  @Test
  void aFullHeapIsOutOfMemory() throws Exception {
    try (Slot slot = slot()) {
      assertFailed(run(slot, "heap"), FailureKind.OUT_OF_MEMORY, "64 MiB");
      pid(run(slot, "a"));
    }
  }

  @Test
  void aProcessThatGrowsTooLargeIsOutOfMemory() throws Exception {
    ChildSettings tiny =
        new ChildSettings(ScriptedChild.class.getName(), Map.of(), 64, 8, 900, 0, folder);
    try (Slot slot = new Slot(tiny, clock)) {
      assertFailed(run(slot, "endless"), FailureKind.OUT_OF_MEMORY, "beyond 8 MiB");
    }
  }

  @Test
  void exceptionsAreTheKindOfFailureTheyMean() throws Exception {
    try (Slot slot = slot()) {
      assertFailed(run(slot, "diverge"), FailureKind.DIVERGED, "NaN in epoch 2");
      assertFailed(run(slot, "native"), FailureKind.OUT_OF_MEMORY, "bad_alloc");
      assertFailed(run(slot, "bad"), FailureKind.BAD_ARTIFACT, "not its digest");
      TaskEnd bug = run(slot, "bug");
      assertFailed(bug, FailureKind.INTERNAL, "IllegalStateException: impossible");
      assertFailed(bug, FailureKind.INTERNAL, "caused by java.io.IOException: disk on fire");
      assertFailed(bug, FailureKind.INTERNAL, "at io.skyline.worker.trial");
    }
  }

  @Test
  void aCancelledTaskEndsAndItsChildLivesOn() throws Exception {
    try (Slot slot = slot()) {
      Started patient = new Started(slot, task("patient"));
      patient.began.get(30, TimeUnit.SECONDS);
      long child = slot.childPid();
      slot.cancel();
      assertThat(patient.end.get(3, TimeUnit.SECONDS)).isInstanceOf(TaskEnd.Cancelled.class);
      assertThat(pid(run(slot, "a"))).isEqualTo(child);
    }
  }

  @Test
  void aTaskDeafToItsCancelIsKilled() throws Exception {
    try (Slot slot = slot()) {
      Started endless = new Started(slot, task("endless"));
      endless.began.get(30, TimeUnit.SECONDS);
      slot.cancel();
      assertThat(endless.end.get(15, TimeUnit.SECONDS)).isInstanceOf(TaskEnd.Cancelled.class);
      pid(run(slot, "a"));
    }
  }

  @Test
  void aTaskIsCancelledWhileItsChildStarts() throws Exception {
    ChildSettings never =
        new ChildSettings(SleepyChild.class.getName(), Map.of(), 64, 1024, 900, 0, folder);
    try (Slot slot = new Slot(never, clock)) {
      Started waiting = new Started(slot, task("a"));
      await().until(() -> ProcessHandle.of(slot.childPid()).isPresent());
      await()
          .until(
              () -> {
                long start = System.nanoTime();
                slot.cancel();
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
                return waiting.end.isDone();
              });
      assertThat(waiting.end.get()).isInstanceOf(TaskEnd.Cancelled.class);
    }
  }

  @Test
  void aSocketIsGoneOnceItsChildIsUp() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    List<Path> before = sockets(temporary);
    try (Slot slot = slot()) {
      List<Path> fresh = new ArrayList<>(sockets(temporary));
      fresh.removeAll(before);
      assertThat(fresh).isNotEmpty();
      // and no task has come
      await().until(() -> fresh.stream().noneMatch(Files::exists));
      pid(run(slot, "a"));
    }
  }

  private static List<Path> sockets(Path temporary) throws IOException {
    try (var files = Files.list(temporary)) {
      return files.filter(file -> file.getFileName().toString().matches("sky\\d+")).toList();
    }
  }

  @Test
  void aCancelThatMissesItsTaskDoesNotHitTheNext() throws Exception {
    try (ChildProcess child = ChildProcess.start(settings(0))) {
      child.send(SlotCommand.newBuilder().setCancel(CancelTask.getDefaultInstance()).build());
      child.send(SlotCommand.newBuilder().setRun(task("checks")).build());
      assertThat(child.receive().hasProgress()).isTrue();
      assertThat(child.receive().hasScored()).isTrue();
    }
  }

  @Test
  void aChildExitsWhenItsParentIsKilledAndLeavesNoSocket() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("t"));
    // the parent of this test's slot is a process of its own, so that it can be killed
    Process parent = OrphanMaker.start(temporary);
    long child = OrphanMaker.child(parent);
    assertThat(ProcessHandle.of(child)).isPresent();
    parent.destroyForcibly();
    await().atMost(Duration.ofSeconds(5)).until(() -> ProcessHandle.of(child).isEmpty());
    try (var left = Files.list(temporary)) {
      assertThat(left.filter(path -> !path.getFileName().toString().startsWith("hsperf")))
          .isEmpty();
    }
  }

  @Test
  void theChildFetchesThroughItsParent() throws Exception {
    try (Slot slot = slot()) {
      pid(run(slot, "fetch"));
      assertThat(folder.resolve("fetched")).hasContent("content");
    }
  }

  @Test
  void takesTheFingerprintInTheChild() throws Exception {
    try (Slot slot = slot()) {
      assertThat(slot.fingerprint()).isEqualTo("scripted");
    }
  }
}
