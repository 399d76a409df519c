package io.skyline.worker.trial;

import io.skyline.scorecard.FailureKind;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One task in one child process, and why the child was killed in the middle of it, if it was. */
final class Execution {
  private static final Duration EXIT_PATIENCE = Duration.ofSeconds(10);
  // what -XX:+ExitOnOutOfMemoryError exits with
  private static final int OUT_OF_MEMORY_EXIT = 3;

  private final ChildProcess child;
  private @Nullable Verdict verdict;
  private boolean lost;
  private boolean over;

  /** Why a parent kills its child. */
  enum Verdict {
    /** The task's limit has passed. */
    TIME,
    /** The process has grown too large. */
    MEMORY,
    /** The task is not wanted, and did not end when asked to. */
    CANCEL
  }

  Execution(ChildProcess child) {
    this.child = child;
  }

  ChildProcess child() {
    return child;
  }

  /** Kills the child, unless its task is over; the first verdict stands. */
  synchronized void end(Verdict why) {
    if (verdict == null && !over) {
      verdict = why;
      child.kill();
    }
  }

  private synchronized @Nullable Verdict verdict() {
    return verdict;
  }

  /** Whether the child can do no further task; the system may count it as alive still. */
  synchronized boolean hasLostChild() {
    return lost || verdict != null || !child.isAlive();
  }

  /** The task is over: a limit that passes only now must not kill the child in its next task. */
  synchronized void finish() {
    over = true;
  }

  /** Says of a child that is gone what that makes of its task. */
  TaskEnd autopsy(ChildSettings settings, Duration limit) throws InterruptedException {
    OptionalInt code = awaitExit();
    Verdict found = verdict();
    if (found == null) {
      return diedAlone(settings, code);
    }
    return switch (found) {
      case CANCEL -> new TaskEnd.Cancelled();
      case TIME ->
          failed(FailureKind.TIMED_OUT, "not done within its limit of " + limit.toSeconds() + " s");
      case MEMORY ->
          failed(
              FailureKind.OUT_OF_MEMORY,
              "the process grew beyond " + settings.residentMegabytes() + " MiB");
    };
  }

  private TaskEnd diedAlone(ChildSettings settings, OptionalInt code) {
    if (code.isPresent() && code.getAsInt() == OUT_OF_MEMORY_EXIT) {
      return failed(
          FailureKind.OUT_OF_MEMORY,
          "the Java heap of " + settings.heapMegabytes() + " MiB is full" + child.lastWords());
    }
    return failed(FailureKind.CRASHED, "the slot's process died: " + how(code) + child.lastWords());
  }

  /** What a child that does not answer has left behind. */
  String lastTrace() throws InterruptedException {
    String how = how(awaitExit());
    return (verdict() == Verdict.TIME ? "no answer within its limit" : how) + child.lastWords();
  }

  private OptionalInt awaitExit() throws InterruptedException {
    OptionalInt code = child.exitCode(EXIT_PATIENCE);
    child.kill();
    synchronized (this) {
      lost = true;
    }
    return code;
  }

  private static String how(OptionalInt code) {
    return code.isPresent() ? "exit code " + code.getAsInt() : "connection lost";
  }

  static TaskEnd failed(FailureKind kind, String reason) {
    return new TaskEnd.Failed(Failures.failed(kind, reason));
  }
}
