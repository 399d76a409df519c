package io.skyline.worker.link;

/** Why a worker has left its coordinator for good. */
public sealed interface SessionEnd {
  /** It has finished what it ran and reported it, or its grace period was over. */
  record Drained() implements SessionEnd {}

  /** The coordinator does not want this worker. */
  record Refused(String reason) implements SessionEnd {}

  /** The worker was closed. */
  record Closed() implements SessionEnd {}
}
