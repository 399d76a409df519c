package io.skyline.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.skyline.coordinator.actor.CoordinatorSignal;
import io.skyline.coordinator.actor.Outbox;
import io.skyline.v1.CoordinatorMessage;
import java.util.ArrayDeque;
import java.util.Deque;

/** Sends as fast as the network takes it; what it does not take waits in a bounded queue. */
final class StreamOutbox implements Outbox {
  private static final int LONGEST_QUEUE = 4_096;

  private final ServerCallStreamObserver<CoordinatorMessage> stream;
  private final SessionMessages messages;
  private final Deque<CoordinatorMessage> queue = new ArrayDeque<>();
  private boolean closing;
  private boolean over;

  StreamOutbox(ServerCallStreamObserver<CoordinatorMessage> stream, SessionMessages messages) {
    this.stream = stream;
    this.messages = messages;
    stream.setOnReadyHandler(this::flush);
  }

  @Override
  public synchronized void send(CoordinatorSignal signal) {
    if (over || closing) {
      return;
    }
    if (queue.size() == LONGEST_QUEUE) {
      fail("the worker does not read what it is sent");
      return;
    }
    queue.add(messages.message(signal));
    flush();
  }

  private synchronized void flush() {
    while (!over && stream.isReady() && !queue.isEmpty()) {
      stream.onNext(queue.remove());
    }
    if (closing && !over && queue.isEmpty()) {
      over = true;
      stream.onCompleted();
    }
  }

  @Override
  public synchronized void next() {
    if (!over) {
      stream.request(1);
    }
  }

  @Override
  public synchronized void close() {
    closing = true;
    flush();
  }

  @Override
  public synchronized void fail(String reason) {
    if (!over) {
      over = true;
      stream.onError(Status.UNAVAILABLE.withDescription(reason).asRuntimeException());
    }
  }

  /** The other side has ended the stream. */
  synchronized void gone() {
    over = true;
    queue.clear();
  }
}
