package io.skyline.worker.trial;

import io.skyline.scorecard.FailureKind;

/** A task cannot be done, for a reason that its outcome should name. */
final class TaskFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;

  TaskFailedException(FailureKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  FailureKind kind() {
    return kind;
  }
}
