package io.skyline.worker.trial;

import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;

/** What a slot's child process does with a task; tasks come one after the other. */
interface TaskRunner {
  /**
   * Does the task.
   *
   * @param task says where results go
   * @param monitor told of the progress, and asked whether to go on
   * @return numbers, and a reference to each file written
   * @throws TaskFailedException with the kind of the failure; other exceptions are classified by
   *     {@link Failures}
   */
  Scored run(RunTask task, TaskMonitor monitor) throws Exception;

  /** The digest of a tiny training, equal on workers whose arithmetic agrees to the bit. */
  String fingerprint();
}
