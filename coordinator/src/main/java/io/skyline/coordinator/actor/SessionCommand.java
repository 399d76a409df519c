package io.skyline.coordinator.actor;

/** What a {@link WorkerSession} understands. */
public sealed interface SessionCommand {
  /** The worker said this. */
  record Incoming(WorkerSignal signal) implements SessionCommand {}

  /** The worker's last message was dealt with: the next one may come. */
  record Next() implements SessionCommand {}

  /** Tell the worker this. */
  record Deliver(CoordinatorSignal signal) implements SessionCommand {}

  /** Tell the worker why, then end its stream. */
  record Refuse(String reason) implements SessionCommand {}

  /** Another stream of this worker replaced this one, or it was silent for too long. */
  record Drop(String reason) implements SessionCommand {}

  /**
   * The stream is over.
   *
   * @param orderly whether the worker closed it on purpose
   */
  record StreamEnded(boolean orderly) implements SessionCommand {}

  /** Nobody said hello in time. */
  record HelloOverdue() implements SessionCommand {}
}
