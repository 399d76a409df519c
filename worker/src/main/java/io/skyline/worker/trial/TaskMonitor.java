package io.skyline.worker.trial;

/** The view of a running task from outside. */
interface TaskMonitor {
  /**
   * Tells how far the task is.
   *
   * @param stage what it does now: "train", "compress", "score"; "measure", "export"
   * @param fraction of the whole task, 0..1
   */
  void progress(String stage, double fraction);

  /** Whether the task is no longer wanted. */
  boolean cancelled();

  /**
   * Ends the task if it is no longer wanted.
   *
   * @throws TaskCancelledException then
   */
  default void check() {
    if (cancelled()) {
      throw new TaskCancelledException();
    }
  }
}
