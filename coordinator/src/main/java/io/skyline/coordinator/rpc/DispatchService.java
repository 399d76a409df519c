package io.skyline.coordinator.rpc;

import akka.actor.typed.ActorRef;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.skyline.coordinator.actor.Coordination;
import io.skyline.coordinator.actor.SessionCommand;
import io.skyline.coordinator.actor.WorkerSignal;
import io.skyline.coordinator.wire.UnreadableMessageException;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.DispatchGrpc;
import io.skyline.v1.WorkerMessage;

/**
 * Workers' streams: each message goes to the stream's session, the next is read when it is done.
 */
final class DispatchService extends DispatchGrpc.DispatchImplBase {
  private final Coordination coordination;
  private final SessionMessages messages;
  private final StoredArtifacts stored;

  DispatchService(Coordination coordination, SessionMessages messages, StoredArtifacts stored) {
    this.coordination = coordination;
    this.messages = messages;
    this.stored = stored;
  }

  @Override
  public StreamObserver<WorkerMessage> session(StreamObserver<CoordinatorMessage> answers) {
    ServerCallStreamObserver<CoordinatorMessage> stream =
        (ServerCallStreamObserver<CoordinatorMessage>) answers;
    stream.disableAutoRequest();
    StreamOutbox outbox = new StreamOutbox(stream, messages);
    ActorRef<SessionCommand> session = coordination.openSession(outbox);
    stream.setOnCancelHandler(
        () -> {
          outbox.gone();
          session.tell(new SessionCommand.StreamEnded(false));
        });
    stream.request(1);
    return new Incoming(session, outbox);
  }

  /** The worker's side of one stream. */
  private final class Incoming implements StreamObserver<WorkerMessage> {
    private final ActorRef<SessionCommand> session;
    private final StreamOutbox outbox;

    Incoming(ActorRef<SessionCommand> session, StreamOutbox outbox) {
      this.session = session;
      this.outbox = outbox;
    }

    @Override
    public void onNext(WorkerMessage message) {
      WorkerSignal signal;
      try {
        signal = stored.checked(messages.signal(message));
      } catch (UnreadableMessageException e) {
        session.tell(new SessionCommand.Refuse(String.valueOf(e.getMessage())));
        return;
      }
      session.tell(new SessionCommand.Incoming(signal));
    }

    @Override
    public void onError(Throwable failure) {
      outbox.gone();
      session.tell(new SessionCommand.StreamEnded(false));
    }

    @Override
    public void onCompleted() {
      session.tell(new SessionCommand.StreamEnded(true));
      outbox.close();
    }
  }
}
