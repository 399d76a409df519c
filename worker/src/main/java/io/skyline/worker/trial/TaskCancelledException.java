package io.skyline.worker.trial;

/** The task ended early because it was no longer wanted; nobody waits for its result. */
final class TaskCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskCancelledException() {
    super("the task was cancelled");
  }
}
