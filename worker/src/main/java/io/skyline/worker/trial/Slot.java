package io.skyline.worker.trial;

import io.skyline.scorecard.FailureKind;
import io.skyline.v1.CancelTask;
import io.skyline.v1.Fetch;
import io.skyline.v1.Fetched;
import io.skyline.v1.RunTask;
import io.skyline.v1.SlotAnswer;
import io.skyline.v1.SlotCommand;
import io.skyline.v1.TakeFingerprint;
import io.skyline.worker.trial.Execution.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place where one task at a time runs, in a child process that is reused for the next: what a
 * task does to its process, dying included, ends that task and nothing else.
 */
public final class Slot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Slot.class);
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);
  private static final Duration MEMORY_WATCH = Duration.ofMillis(500);
  private static final Duration FINGERPRINT_LIMIT = Duration.ofMinutes(3);

  private final ChildSettings settings;
  private final ScheduledExecutorService clock;
  private @Nullable ChildProcess child;
  private @Nullable Execution running;
  private int tasksOfChild;
  private boolean closed;

  /**
   * A slot whose child is started now, so that it is up when the first task comes.
   *
   * @param clock fires limits; shared by the slots of a worker
   */
  public Slot(ChildSettings settings, ScheduledExecutorService clock) {
    this.settings = settings;
    this.clock = clock;
    warm();
  }

  /**
   * Runs a task to its end.
   *
   * @param limit after which the child is killed: TIMED_OUT
   * @param host called by the calling thread
   */
  public TaskEnd run(RunTask task, Duration limit, Host host) throws InterruptedException {
    Execution execution;
    try {
      execution = begin();
    } catch (IOException e) {
      return Execution.failed(
          FailureKind.CRASHED, "no child process could be started: " + e.getMessage());
    }
    Future<?> timer = limit(execution, limit);
    long watch = MEMORY_WATCH.toMillis();
    Future<?> scale =
        clock.scheduleWithFixedDelay(() -> weigh(execution), watch, watch, TimeUnit.MILLISECONDS);
    try {
      execution.child().send(SlotCommand.newBuilder().setRun(task).build());
      return converse(execution, host);
    } catch (IOException e) {
      return execution.autopsy(settings, limit);
    } finally {
      timer.cancel(false);
      scale.cancel(false);
      end(execution);
    }
  }

  private Future<?> limit(Execution execution, Duration limit) {
    return clock.schedule(
        () -> execution.end(Verdict.TIME), limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static TaskEnd converse(Execution execution, Host host) throws IOException {
    while (true) {
      SlotAnswer answer = execution.child().receive();
      switch (answer.getAnswerCase()) {
        case PROGRESS ->
            host.progress(answer.getProgress().getStage(), answer.getProgress().getFraction());
        case FETCH -> execution.child().send(fetch(answer.getFetch(), execution, host));
        case SCORED -> {
          return new TaskEnd.Scored(answer.getScored());
        }
        case FAILED -> {
          return new TaskEnd.Failed(answer.getFailed());
        }
        case CANCELLED -> {
          return new TaskEnd.Cancelled();
        }
        default -> throw new IOException("unexpected answer " + answer.getAnswerCase());
      }
    }
  }

  private static SlotCommand fetch(Fetch wanted, Execution execution, Host host) {
    Fetched.Builder fetched = Fetched.newBuilder();
    try {
      host.fetch(wanted.getDigest(), Path.of(wanted.getPath()), () -> !execution.hasLostChild());
    } catch (IOException e) {
      String message = e.getMessage();
      fetched.setError(message == null ? e.toString() : message);
    }
    return SlotCommand.newBuilder().setFetched(fetched).build();
  }

  private void weigh(Execution execution) {
    if (execution.child().residentBytes() >> 20 > settings.residentMegabytes()) {
      execution.end(Verdict.MEMORY);
    }
  }

  /** Asks the running task to end, and ends its child if it does not soon; waits for nothing. */
  public void cancel() {
    Execution execution;
    synchronized (this) {
      execution = running;
    }
    if (execution == null) {
      return;
    }
    if (!execution.child().isConnected()) {
      execution.end(Verdict.CANCEL); // it has not heard of the task yet
      return;
    }
    Future<?> unused =
        clock.schedule(
            () -> endIfRunning(execution), CANCEL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    try {
      execution
          .child()
          .send(SlotCommand.newBuilder().setCancel(CancelTask.getDefaultInstance()).build());
    } catch (IOException e) {
      LOG.debug("child {} is gone before it could be asked to stop", execution.child().pid(), e);
    }
  }

  private synchronized void endIfRunning(Execution execution) {
    if (running == execution) {
      execution.end(Verdict.CANCEL);
    }
  }

  /**
   * The numeric fingerprint of this machine, taken in the child so that the worker itself needs no
   * natives.
   *
   * @throws IOException if the child cannot take it; the message carries what it said
   */
  public String fingerprint() throws IOException, InterruptedException {
    Execution execution = begin();
    Future<?> timer = limit(execution, FINGERPRINT_LIMIT);
    try {
      execution
          .child()
          .send(
              SlotCommand.newBuilder()
                  .setFingerprint(TakeFingerprint.getDefaultInstance())
                  .build());
      return execution.child().receive().getFingerprint().getDigest();
    } catch (IOException e) {
      throw new IOException(
          "the training engine does not start on this machine: " + execution.lastTrace(), e);
    } finally {
      timer.cancel(false);
      end(execution);
    }
  }

  /** The child's process id; 0 if there is none just now. */
  synchronized long childPid() {
    return child == null ? 0 : child.pid();
  }

  private synchronized Execution begin() throws IOException {
    if (running != null) {
      throw new IllegalStateException("the slot runs a task already");
    }
    if (closed) {
      throw new IOException("the slot is closed");
    }
    ChildProcess ready = child;
    if (ready == null || !ready.isAlive()) {
      ready = replace();
    }
    tasksOfChild++;
    Execution execution = new Execution(ready);
    running = execution;
    return execution;
  }

  private synchronized void end(Execution execution) {
    execution.finish();
    running = null;
    if (closed) {
      return;
    }
    ChildProcess used = execution.child();
    boolean spent =
        settings.recycles()
            && (tasksOfChild >= settings.recycleTasks()
                || used.residentBytes() >> 20 > settings.recycleMegabytes());
    if (spent || execution.hasLostChild()) {
      warm();
    }
  }

  private synchronized void warm() {
    try {
      replace();
    } catch (IOException e) {
      LOG.warn("no child process could be started; trying again with the next task", e);
    }
  }

  private synchronized ChildProcess replace() throws IOException {
    ChildProcess old = child;
    child = null;
    if (old != null) {
      old.close();
    }
    ChildProcess fresh = ChildProcess.start(settings);
    child = fresh;
    tasksOfChild = 0;
    return fresh;
  }

  /** Ends the child, and with it whatever it runs. */
  @Override
  public synchronized void close() {
    closed = true;
    if (running != null) {
      running.end(Verdict.CANCEL);
    }
    if (child != null) {
      child.close();
    }
  }
}
