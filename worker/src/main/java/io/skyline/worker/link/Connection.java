package io.skyline.worker.link;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.DispatchGrpc;
import io.skyline.v1.Hello;
import io.skyline.v1.WorkerMessage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream to one coordinator, from hello to its end; heard of on the link's thread only. */
final class Connection implements ClientResponseObserver<WorkerMessage, CoordinatorMessage> {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final Executor loop;
  private final BiConsumer<Connection, CoordinatorMessage> received;
  private final BiConsumer<Connection, String> lost;
  private volatile @Nullable ClientCallStreamObserver<WorkerMessage> stream;
  private boolean welcome;
  private boolean left;

  Connection(
      Executor loop,
      BiConsumer<Connection, CoordinatorMessage> received,
      BiConsumer<Connection, String> lost) {
    this.loop = loop;
    this.received = received;
    this.lost = lost;
  }

  void open(DispatchGrpc.DispatchStub dispatch, Hello hello) {
    dispatch.session(this).onNext(WorkerMessages.hello(hello));
  }

  boolean isWelcome() {
    return welcome;
  }

  void setWelcome() {
    welcome = true;
  }

  /** Whether a message would go out soon instead of waiting in memory. */
  boolean isReady() {
    ClientCallStreamObserver<WorkerMessage> open = stream;
    return open != null && !left && open.isReady();
  }

  void send(WorkerMessage message) {
    ClientCallStreamObserver<WorkerMessage> open = stream;
    if (open != null && !left) {
      open.onNext(message);
    }
  }

  /** Ends the stream after what was sent. */
  void leave() {
    ClientCallStreamObserver<WorkerMessage> open = stream;
    if (open != null && !left) {
      left = true;
      open.onCompleted();
    }
  }

  /** Ends the stream at once, as lost. */
  void fail(String why) {
    left = true;
    ClientCallStreamObserver<WorkerMessage> open = stream;
    if (open != null) {
      open.cancel(why, null);
    }
    lost.accept(this, why);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WorkerMessage> requests) {
    stream = requests;
  }

  @Override
  public void onNext(CoordinatorMessage message) {
    later(() -> received.accept(this, message));
  }

  @Override
  public void onError(Throwable error) {
    Status status = Status.fromThrowable(error);
    String why = status.getDescription();
    later(() -> gone(why == null ? status.getCode().name() : why));
  }

  @Override
  public void onCompleted() {
    later(() -> gone("it has ended the session"));
  }

  private void gone(String why) {
    left = true;
    lost.accept(this, why);
  }

  private void later(Runnable action) {
    try {
      loop.execute(action);
    } catch (RejectedExecutionException e) {
      LOG.debug("the worker is leaving; nobody listens any more", e);
    }
  }
}
