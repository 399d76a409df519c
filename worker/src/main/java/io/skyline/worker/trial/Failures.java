package io.skyline.worker.trial;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.scorecard.FailureKind;
import io.skyline.v1.Failed;
import io.skyline.worker.data.BadDataException;
import io.skyline.worker.train.DivergedException;

/** Says of anything thrown in a task which kind of failure it is. */
final class Failures {
  private static final int LONGEST_REASON = 2000;

  private Failures() {}

  static Failed classify(Throwable thrown) {
    return failed(kind(thrown), reason(thrown));
  }

  static Failed failed(FailureKind kind, String reason) {
    return Failed.newBuilder()
        .setKind(io.skyline.v1.FailureKind.valueOf(kind.name()))
        .setReason(reason.substring(0, Math.min(reason.length(), LONGEST_REASON)))
        .build();
  }

  private static FailureKind kind(Throwable thrown) {
    if (thrown instanceof TaskFailedException failed) {
      return failed.kind();
    }
    if (thrown instanceof DivergedException) {
      return FailureKind.DIVERGED;
    }
    if (thrown instanceof BadDataException) {
      return FailureKind.BAD_ARTIFACT;
    }
    if (thrown instanceof InvalidArchitectureException) {
      return FailureKind.INFEASIBLE;
    }
    if (isMemory(thrown)) {
      return FailureKind.OUT_OF_MEMORY;
    }
    return FailureKind.INTERNAL;
  }

  /** JavaCPP turns C++ exceptions to RuntimeExceptions, of which only the message tells. */
  private static boolean isMemory(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof OutOfMemoryError
          || message.contains("bad_alloc")
          || message.contains("out_of_memory")) {
        return true;
      }
    }
    return false;
  }

  /** Of a failure that nobody foresaw: all its causes, and where the first of them came from. */
  private static String reason(Throwable thrown) {
    String message = thrown.getMessage();
    if (kind(thrown) != FailureKind.INTERNAL) {
      return message == null ? thrown.getClass().getSimpleName() : message;
    }
    StringBuilder text = new StringBuilder(thrown.toString());
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
      text.append("\ncaused by ").append(root);
    }
    for (StackTraceElement frame : root.getStackTrace()) {
      text.append("\n  at ").append(frame);
    }
    return text.toString();
  }
}
