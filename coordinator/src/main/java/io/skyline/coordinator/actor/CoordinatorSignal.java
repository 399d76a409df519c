package io.skyline.coordinator.actor;

import java.time.Duration;

/** What a worker is told on its session. */
public sealed interface CoordinatorSignal {
  /**
   * It may demand work.
   *
   * @param heartbeat how often it is to be heard
   * @param term the incarnation of this coordinator
   */
  record Welcome(Duration heartbeat, long term) implements CoordinatorSignal {}

  /** It cannot work here; the session ends. */
  record Refused(String reason) implements CoordinatorSignal {}

  /** Work, to be renewed by heartbeats within the lease's duration. */
  record Assign(Assignment assignment, Duration lease) implements CoordinatorSignal {}

  /** Drop this attempt, whether it runs or is to be reported. */
  record CancelTask(LeaseId lease, String reason) implements CoordinatorSignal {}

  /** The report is journalled: forget it. */
  record Acknowledged(LeaseId lease) implements CoordinatorSignal {}

  /** Finish and leave. */
  record Drain(String reason) implements CoordinatorSignal {}
}
