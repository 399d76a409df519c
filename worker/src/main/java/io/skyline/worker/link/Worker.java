package io.skyline.worker.link;

import io.grpc.ManagedChannel;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.Failed;
import io.skyline.v1.FailureKind;
import io.skyline.v1.Hello;
import io.skyline.v1.Report;
import io.skyline.v1.RunTask;
import io.skyline.v1.RunningTask;
import io.skyline.v1.TaskRef;
import io.skyline.worker.trial.Slot;
import io.skyline.worker.trial.TaskEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slots that work for one coordinator: takes tasks while slots are free, stores what they make, and
 * reports how they end.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration UNLIMITED = Duration.ofHours(24);
  private static final Duration MEASURE_LIMIT = Duration.ofMinutes(10);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final Path scratch;
  private final ArtifactTransfer transfer;
  private final CoordinatorLink link;
  private final ScheduledExecutorService loop;
  private final ExecutorService threads;
  private final List<Slot> slots;
  // the next four belong to the loop's thread
  private final Deque<Slot> idle = new ArrayDeque<>();
  private final Map<TaskRef, Assignment> running = new LinkedHashMap<>();
  private final Backoff faults = Backoff.standard();
  private boolean draining;

  /**
   * @param channel to the coordinator; stays the caller's
   * @param slots become the worker's; at least one
   * @param scratch a folder for what tasks write, this worker's alone
   */
  public Worker(ManagedChannel channel, Hello hello, Collection<Slot> slots, Path scratch) {
    this.scratch = scratch;
    this.transfer = new ArtifactTransfer(channel);
    this.slots = List.copyOf(slots);
    this.idle.addAll(slots);
    this.loop = Executors.newSingleThreadScheduledExecutor(Worker::daemon);
    this.threads = Executors.newFixedThreadPool(slots.size(), Worker::daemon);
    this.link = new CoordinatorLink(channel, hello, new Desk(), loop, Backoff.standard());
  }

  private static Thread daemon(Runnable action) {
    Thread thread = new Thread(action, "worker");
    thread.setDaemon(true);
    return thread;
  }

  /** Joins the coordinator; completes when the worker should leave. */
  public CompletableFuture<SessionEnd> start() {
    link.start();
    return link.ended();
  }

  /**
   * Takes nothing new, finishes what runs and leaves; what is not done in time is abandoned.
   *
   * @return completes when the worker has nothing left to do
   */
  public CompletableFuture<SessionEnd> drain(Duration grace) {
    LOG.info("finishing what runs, for at most {} s", grace.toSeconds());
    loop.execute(() -> draining = true);
    link.drain();
    return link.ended()
        .completeOnTimeout(new SessionEnd.Drained(), grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The session's view of the slots; all on the loop's thread. */
  private final class Desk implements Assignments {
    @Override
    public void assign(Assign assign) {
      TaskRef task = assign.getRef();
      if (running.containsKey(task)) {
        return; // the coordinator has restarted and makes sure
      }
      Slot slot = draining ? null : idle.poll();
      if (slot == null) {
        link.giveBack(task, draining ? "the worker is leaving" : "no slot is free");
        return;
      }
      Assignment assignment = new Assignment(assign, slot, transfer);
      running.put(task, assignment);
      threads.execute(() -> work(assignment));
    }

    @Override
    public void cancel(TaskRef task, String reason) {
      Assignment assignment = running.get(task);
      if (assignment != null) {
        LOG.info("{} is cancelled: {}", task.getTask(), reason);
        assignment.cancel();
      }
    }

    @Override
    public void drain(String reason) {
      LOG.info("the coordinator asks this worker to leave: {}", reason);
      draining = true;
      link.drain();
    }

    @Override
    public List<RunningTask> running() {
      return running.values().stream().map(Assignment::state).toList();
    }

    @Override
    public int free() {
      return idle.size();
    }
  }

  private void work(Assignment assignment) {
    TaskRef task = assignment.assign().getRef();
    boolean fault = false;
    try (Scratch work = Scratch.in(scratch)) {
      finish(assignment, work.folder());
    } catch (IOException | RuntimeException e) {
      fault = true;
      LOG.error("{} is given back", task.getTask(), e);
      link.giveBack(task, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      boolean rests = fault;
      loop.execute(() -> free(assignment, rests));
      link.demand();
    }
  }

  /**
   * Frees a slot. After a fault of this machine it rests first: on a full disk one task after the
   * other would come and go back at once.
   */
  private void free(Assignment assignment, boolean rests) {
    running.remove(assignment.assign().getRef());
    if (!rests) {
      faults.reset();
      idle.add(assignment.slot());
      return;
    }
    Future<?> unused =
        loop.schedule(
            () -> {
              idle.add(assignment.slot());
              link.demand();
            },
            faults.next().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void finish(Assignment assignment, Path folder) throws InterruptedException {
    Assign assign = assignment.assign();
    RunTask task = RunTask.newBuilder().setAssign(assign).setFolder(folder.toString()).build();
    TaskEnd end = assignment.slot().run(task, limit(assign), assignment);
    if (assignment.isCancelled()) {
      return; // however it ended, its lease is over
    }
    Report.Builder report = Report.newBuilder().setRef(assign.getRef());
    if (end instanceof TaskEnd.Failed failed) {
      LOG.info("{} failed: {}", assign.getRef().getTask(), failed.result().getReason());
      link.report(report.setFailed(failed.result()).build());
    } else if (end instanceof TaskEnd.Scored scored) {
      assignment.progress("upload", 1);
      try {
        List<ArtifactRef> artifacts = scored.result().getArtifactsList();
        transfer.upload(artifacts, folder, () -> !assignment.isCancelled());
        link.report(report.setScored(scored.result()).build());
      } catch (IOException e) {
        if (!assignment.isCancelled()) {
          LOG.error("what {} made cannot be stored", assign.getRef().getTask(), e);
          link.report(report.setFailed(unstored(e)).build());
        }
      }
    }
  }

  private static Failed unstored(IOException e) {
    return Failed.newBuilder()
        .setKind(FailureKind.BAD_ARTIFACT)
        .setReason("what the task made cannot be stored: " + e.getMessage())
        .build();
  }

  private static Duration limit(Assign assign) {
    int seconds;
    switch (assign.getTaskCase()) {
      case TRAIN -> seconds = assign.getTrain().getTimeLimitSeconds();
      case SHARE -> seconds = assign.getShare().getNetwork().getTimeLimitSeconds();
      case EVALUATE -> seconds = assign.getEvaluate().getNetwork().getTimeLimitSeconds();
      default -> {
        return MEASURE_LIMIT;
      }
    }
    return seconds == 0 ? UNLIMITED : Duration.ofSeconds(seconds);
  }

  /** Ends the children and whatever they run, at once. */
  @Override
  public synchronized void close() {
    if (loop.isShutdown()) {
      return;
    }
    // the link first: that the children die now is nobody's failure
    link.close();
    slots.forEach(Slot::close);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a slot does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownNow();
  }
}
