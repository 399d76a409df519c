package io.skyline.worker.link;

import io.grpc.ManagedChannel;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.DispatchGrpc;
import io.skyline.v1.Hello;
import io.skyline.v1.Report;
import io.skyline.v1.TaskRef;
import io.skyline.v1.Welcome;
import io.skyline.v1.WorkerMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's side of the session: says hello, asks for tasks, beats, and repeats each report until
 * it is acknowledged, over as many connections and coordinators' lives as that takes.
 *
 * <p>All state belongs to one thread, {@code loop}; every method may be called from any thread.
 */
final class CoordinatorLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorLink.class);
  private static final Duration WELCOME_PATIENCE = Duration.ofSeconds(10);
  private static final Duration FAREWELL_PATIENCE = Duration.ofSeconds(2);
  private static final long FASTEST_HEARTBEAT = 100;
  private static final long SLOWEST_HEARTBEAT = 60_000;

  private final ManagedChannel channel;
  private final Hello hello;
  private final Assignments assignments;
  private final ScheduledExecutorService loop;
  private final Backoff backoff;
  private final Outbox outbox = new Outbox();
  private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
  private @Nullable Connection connection;
  private @Nullable Future<?> heartbeats;
  private boolean draining;
  private boolean leaving;
  private boolean quietly;

  /**
   * @param loop one thread, which the link does not stop
   */
  CoordinatorLink(
      ManagedChannel channel,
      Hello hello,
      Assignments assignments,
      ScheduledExecutorService loop,
      Backoff backoff) {
    this.channel = channel;
    this.hello = hello;
    this.assignments = assignments;
    this.loop = loop;
    this.backoff = backoff;
  }

  /** Connects, and connects again whenever the connection is lost. */
  void start() {
    onLoop(this::connect);
  }

  /** Completes when the worker should leave. */
  CompletableFuture<SessionEnd> ended() {
    return ended;
  }

  /** Sends a report now and again until it is acknowledged. */
  void report(Report report) {
    onLoop(
        () -> {
          outbox.add(report, System.nanoTime());
          send(WorkerMessages.report(report));
        });
  }

  /** Returns a task unfinished. */
  void giveBack(TaskRef task, String reason) {
    onLoop(() -> send(WorkerMessages.gaveBack(task, reason)));
  }

  /** Asks for as many tasks as are free now. */
  void demand() {
    onLoop(
        () -> {
          askForTasks();
          leaveIfDrained();
        });
  }

  /** Takes nothing new; the session ends once nothing runs and every report is acknowledged. */
  void drain() {
    onLoop(
        () -> {
          if (!draining) {
            draining = true;
            send(WorkerMessages.draining());
          }
          leaveIfDrained();
        });
  }

  private void onLoop(Runnable action) {
    loop.execute(() -> guard(action));
  }

  /**
   * An executor would swallow what is thrown here; all that matters is said to the next session.
   */
  private void guard(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("the session failed", e);
      Connection open = connection;
      if (open != null) {
        open.fail(e.toString());
      }
    }
  }

  private void connect() {
    if (ended.isDone()) {
      return;
    }
    Connection fresh =
        new Connection(loop, (from, message) -> guard(() -> receive(from, message)), this::lost);
    connection = fresh;
    // the channel's own patience grows to two minutes; how often to try is decided here
    channel.resetConnectBackoff();
    fresh.open(DispatchGrpc.newStub(channel), hello);
    Future<?> unused =
        loop.schedule(
            () -> {
              if (connection == fresh && !fresh.isWelcome()) {
                fresh.fail("no welcome within " + WELCOME_PATIENCE.toSeconds() + " s");
              }
            },
            WELCOME_PATIENCE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void receive(Connection from, CoordinatorMessage message) {
    if (from != connection || leaving) {
      return;
    }
    switch (message.getMessageCase()) {
      case WELCOME -> {
        from.setWelcome();
        welcome(heartbeat(message.getWelcome()));
      }
      case REFUSED -> end(new SessionEnd.Refused(message.getRefused().getReason()));
      case ASSIGN -> assignments.assign(message.getAssign());
      case CANCEL -> {
        TaskRef task = message.getCancel().getRef();
        if (!outbox.remove(task)) {
          assignments.cancel(task, message.getCancel().getReason());
        }
        leaveIfDrained();
      }
      case ACKNOWLEDGED -> {
        outbox.remove(message.getAcknowledged().getRef());
        askForTasks();
        leaveIfDrained();
      }
      case DRAIN -> assignments.drain(message.getDrain().getReason());
      case MESSAGE_NOT_SET -> LOG.warn("a message of a newer coordinator is ignored");
    }
  }

  private static Duration heartbeat(Welcome welcome) {
    long wanted =
        welcome.getHeartbeatMillis() > 0
            ? welcome.getHeartbeatMillis()
            : Duration.ofSeconds(welcome.getHeartbeatSeconds()).toMillis();
    return Duration.ofMillis(Math.max(FASTEST_HEARTBEAT, Math.min(wanted, SLOWEST_HEARTBEAT)));
  }

  private void welcome(Duration period) {
    LOG.info("joined the coordinator");
    backoff.reset();
    quietly = false;
    if (draining) {
      send(WorkerMessages.draining());
    }
    beat(Duration.ZERO);
    askForTasks();
    long millis = period.toMillis();
    heartbeats =
        loop.scheduleAtFixedRate(
            () -> guard(() -> beat(period)), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Repeats the reports of that age and names what runs; a report first, as it ends a lease. */
  private void beat(Duration age) {
    Connection open = connection;
    if (open == null || !open.isReady()) {
      return; // what a coordinator does not read would pile up here, beat by beat
    }
    for (Report report : outbox.due(age, System.nanoTime())) {
      send(WorkerMessages.report(report));
    }
    send(WorkerMessages.heartbeat(assignments.running(), outbox.tasks()));
  }

  private void askForTasks() {
    if (!draining) {
      send(WorkerMessages.demand(Math.min(assignments.free(), outbox.room())));
    }
  }

  private void leaveIfDrained() {
    if (draining && !leaving && assignments.running().isEmpty() && outbox.isEmpty()) {
      leave();
    }
  }

  /**
   * Ends the session once the coordinator has read all and ended it too: whoever waits for the end
   * closes the channel, which throws away what was not read yet.
   */
  private void leave() {
    Connection open = connection;
    if (open == null || !open.isWelcome()) {
      end(new SessionEnd.Drained());
      return;
    }
    leaving = true;
    stopHeartbeats();
    open.leave();
    Future<?> unused =
        loop.schedule(
            () -> end(new SessionEnd.Drained()),
            FAREWELL_PATIENCE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Sends if there is a coordinator; whatever matters is said again after the next welcome. */
  private void send(WorkerMessage message) {
    Connection open = connection;
    if (open != null && open.isWelcome()) {
      open.send(message);
    }
  }

  private void lost(Connection from, String why) {
    if (from != connection || ended.isDone()) {
      return;
    }
    connection = null;
    stopHeartbeats();
    if (leaving) {
      end(new SessionEnd.Drained());
      return;
    }
    Duration wait = backoff.next();
    if (!quietly) {
      LOG.warn("no coordinator: {}; trying again until there is one", why);
      quietly = true;
    }
    Future<?> unused =
        loop.schedule(() -> guard(this::connect), wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopHeartbeats() {
    if (heartbeats != null) {
      heartbeats.cancel(false);
      heartbeats = null;
    }
  }

  private void end(SessionEnd why) {
    stopHeartbeats();
    if (connection != null) {
      connection.leave();
      connection = null;
    }
    ended.complete(why);
  }

  /** Leaves the coordinator at once. */
  @Override
  public void close() {
    onLoop(() -> end(new SessionEnd.Closed()));
  }
}
