package io.skyline.worker.link;

import io.skyline.v1.Assign;
import io.skyline.v1.RunningTask;
import io.skyline.v1.TaskRef;
import java.util.List;

/** What a session asks of its worker; called by the session's one thread, so no method may wait. */
interface Assignments {
  /** A task for this worker. */
  void assign(Assign assign);

  /** The task is no longer wanted. */
  void cancel(TaskRef task, String reason);

  /** The coordinator asks the worker to finish what it runs and leave. */
  void drain(String reason);

  /** What runs now. */
  List<RunningTask> running();

  /** How many further tasks could begin now. */
  int free();
}
