package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stream of one worker: hello first, then one message at a time to the dispatcher and answers
 * back.
 */
public final class WorkerSession extends AbstractBehavior<SessionCommand> {
  private static final Duration HELLO_WITHIN = Duration.ofSeconds(10);

  private final ActorRef<DispatcherCommand> dispatcher;
  private final Admission admission;
  private final Outbox outbox;
  private @Nullable String worker;

  private WorkerSession(
      ActorContext<SessionCommand> context,
      ActorRef<DispatcherCommand> dispatcher,
      Admission admission,
      Outbox outbox) {
    super(context);
    this.dispatcher = dispatcher;
    this.admission = admission;
    this.outbox = outbox;
  }

  /**
   * The session of a stream that has just been opened.
   *
   * @param admission who may work here at all
   * @param outbox the stream's sending side
   */
  public static Behavior<SessionCommand> of(
      ActorRef<DispatcherCommand> dispatcher, Admission admission, Outbox outbox) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startSingleTimer(new SessionCommand.HelloOverdue(), HELLO_WITHIN);
                  return new WorkerSession(context, dispatcher, admission, outbox);
                }));
  }

  @Override
  public Receive<SessionCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(SessionCommand.Incoming.class, this::incoming)
        .onMessage(SessionCommand.Next.class, next -> next())
        .onMessage(SessionCommand.Deliver.class, this::deliver)
        .onMessage(SessionCommand.Refuse.class, refuse -> refuse(refuse.reason()))
        .onMessage(SessionCommand.Drop.class, this::drop)
        .onMessage(SessionCommand.StreamEnded.class, this::streamEnded)
        .onMessage(SessionCommand.HelloOverdue.class, overdue -> helloOverdue())
        .build();
  }

  private Behavior<SessionCommand> incoming(SessionCommand.Incoming incoming) {
    WorkerSignal signal = incoming.signal();
    if (worker == null) {
      if (!(signal instanceof WorkerSignal.Hello hello)) {
        return refuse("a session begins with Hello");
      }
      Optional<String> refusal = admission.refusal(hello.worker());
      if (refusal.isPresent()) {
        return refuse(refusal.get());
      }
      worker = hello.worker().id();
    } else if (signal instanceof WorkerSignal.Hello) {
      return refuse("Hello was said before");
    }
    dispatcher.tell(new DispatcherCommand.FromWorker(worker, signal, getContext().getSelf()));
    return this;
  }

  private Behavior<SessionCommand> next() {
    outbox.next();
    return this;
  }

  private Behavior<SessionCommand> deliver(SessionCommand.Deliver deliver) {
    outbox.send(deliver.signal());
    return this;
  }

  private Behavior<SessionCommand> refuse(String reason) {
    getContext().getLog().info("refused worker {}: {}", worker, reason);
    outbox.send(new CoordinatorSignal.Refused(reason));
    outbox.close();
    return over(false);
  }

  private Behavior<SessionCommand> drop(SessionCommand.Drop drop) {
    outbox.fail(drop.reason());
    return Behaviors.stopped();
  }

  private Behavior<SessionCommand> streamEnded(SessionCommand.StreamEnded ended) {
    return over(ended.orderly());
  }

  private Behavior<SessionCommand> over(boolean orderly) {
    if (worker != null) {
      dispatcher.tell(new DispatcherCommand.SessionOver(worker, orderly, getContext().getSelf()));
    }
    return Behaviors.stopped();
  }

  private Behavior<SessionCommand> helloOverdue() {
    return worker == null ? refuse("no Hello within " + HELLO_WITHIN.toSeconds() + " s") : this;
  }
}
