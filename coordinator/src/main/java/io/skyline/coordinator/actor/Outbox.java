package io.skyline.coordinator.actor;

/**
 * The sending side of a worker's stream; called by one session only, never blocking.
 *
 * <p>What the network does not take yet waits in a bounded queue; when that overflows the stream is
 * broken and the worker has to come back.
 */
public interface Outbox {
  /** Sends or queues a message; nothing happens on a stream that has ended. */
  void send(CoordinatorSignal signal);

  /** Lets the worker's next message in. */
  void next();

  /** Ends the stream after what is queued. */
  void close();

  /** Breaks the stream at once; the reason reaches the worker. */
  void fail(String reason);
}
