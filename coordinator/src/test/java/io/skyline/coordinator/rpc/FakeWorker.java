package io.skyline.coordinator.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.skyline.v1.Assign;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.Demand;
import io.skyline.v1.DispatchGrpc;
import io.skyline.v1.Draining;
import io.skyline.v1.Failed;
import io.skyline.v1.GaveBack;
import io.skyline.v1.Heartbeat;
import io.skyline.v1.Report;
import io.skyline.v1.RunningTask;
import io.skyline.v1.TaskRef;
import io.skyline.v1.WorkerMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A worker that speaks the protocol over real gRPC and scores by {@link FakeEvaluation}.
 *
 * <p>It reconnects when its stream breaks, goes on with what it runs, and repeats reports until
 * they are acknowledged. All its state is touched by one thread.
 */
final class FakeWorker implements AutoCloseable {
  final String id = UUID.randomUUID().toString();
  final CompletableFuture<String> refused = new CompletableFuture<>();
  final List<TaskRef> acknowledged = new CopyOnWriteArrayList<>();
  final List<TaskRef> cancelled = new CopyOnWriteArrayList<>();
  final List<Assign> assigned = new CopyOnWriteArrayList<>();
  final Map<TaskRef, Assign> running = new ConcurrentHashMap<>();

  private final WorkerTraits traits;
  private final ManagedChannel channel;
  private final FakeEvaluation evaluation;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Map<TaskRef, Report> unacknowledged = new LinkedHashMap<>();
  private final Random random;
  private @Nullable StreamObserver<WorkerMessage> stream;
  private boolean draining;
  private volatile boolean closed;

  FakeWorker(int port, WorkerTraits traits) {
    this.traits = traits;
    this.random = new Random(id.hashCode());
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .keepAliveTime(10, TimeUnit.SECONDS)
            .build();
    evaluation = new FakeEvaluation(channel);
    thread.execute(this::connect);
  }

  private void connect() {
    if (closed) {
      return;
    }
    StreamObserver<WorkerMessage> fresh = DispatchGrpc.newStub(channel).session(new Answers());
    stream = fresh;
    send(WorkerMessage.newBuilder().setHello(traits.hello().toBuilder().setWorkerId(id)).build());
  }

  private void send(WorkerMessage message) {
    if (stream != null) {
      stream.onNext(message);
    }
  }

  private final class Answers implements StreamObserver<CoordinatorMessage> {
    @Override
    public void onNext(CoordinatorMessage message) {
      run(() -> answered(message));
    }

    @Override
    public void onError(Throwable failure) {
      run(
          () -> {
            stream = null;
            thread.schedule(FakeWorker.this::connect, 50, TimeUnit.MILLISECONDS);
          });
    }

    @Override
    public void onCompleted() {
      run(() -> stream = null);
    }
  }

  private void run(Runnable action) {
    if (!closed) {
      thread.execute(action);
    }
  }

  private void answered(CoordinatorMessage message) {
    switch (message.getMessageCase()) {
      case WELCOME -> welcome(message.getWelcome().getHeartbeatMillis());
      case REFUSED -> refused.complete(message.getRefused().getReason());
      case ASSIGN -> begin(message.getAssign());
      case CANCEL -> {
        TaskRef ref = message.getCancel().getRef();
        cancelled.add(ref);
        forget(ref);
        demand();
      }
      case ACKNOWLEDGED -> {
        TaskRef ref = message.getAcknowledged().getRef();
        acknowledged.add(ref);
        forget(ref);
      }
      case DRAIN -> drain();
      case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
    }
  }

  private void forget(TaskRef ref) {
    running.keySet().removeIf(other -> same(other, ref));
    unacknowledged.keySet().removeIf(other -> same(other, ref));
  }

  private static boolean same(TaskRef a, TaskRef b) {
    return a.getSearch().equals(b.getSearch())
        && a.getTask().equals(b.getTask())
        && a.getAttempt() == b.getAttempt();
  }

  private void welcome(int heartbeatMillis) {
    heartbeat();
    unacknowledged.values().forEach(this::report);
    demand();
    beatLater(heartbeatMillis, stream);
  }

  private void beatLater(int millis, @Nullable StreamObserver<WorkerMessage> its) {
    run(
        () ->
            thread.schedule(
                () -> {
                  if (stream == its && stream != null) {
                    heartbeat();
                    unacknowledged.values().forEach(this::report);
                    beatLater(millis, its);
                  }
                },
                millis,
                TimeUnit.MILLISECONDS));
  }

  private void heartbeat() {
    Heartbeat.Builder beat = Heartbeat.newBuilder();
    running
        .keySet()
        .forEach(
            ref ->
                beat.addRunning(
                    RunningTask.newBuilder().setTask(ref).setStage("train").setFraction(.5)));
    send(WorkerMessage.newBuilder().setHeartbeat(beat).build());
  }

  private void demand() {
    int free = draining ? 0 : Math.max(0, traits.slots() - running.size());
    send(WorkerMessage.newBuilder().setDemand(Demand.newBuilder().setSlots(free)).build());
  }

  private void begin(Assign assign) {
    TaskRef ref = assign.getRef();
    if (running.size() >= traits.slots()) {
      send(
          WorkerMessage.newBuilder()
              .setGaveBack(GaveBack.newBuilder().setRef(ref).setReason("no free slot"))
              .build());
      return;
    }
    assigned.add(assign);
    running.put(ref, assign);
    long millis = Math.max(1, (long) (traits.evaluation().toMillis() * (.5 + random.nextDouble())));
    thread.schedule(() -> finish(assign), millis, TimeUnit.MILLISECONDS);
  }

  private void finish(Assign assign) {
    TaskRef ref = assign.getRef();
    if (traits.silent() || !running.containsKey(ref)) {
      return;
    }
    Optional<Failed> failure = traits.result().apply(assign);
    Report.Builder report = Report.newBuilder().setRef(ref);
    try {
      failure.ifPresentOrElse(report::setFailed, () -> report.setScored(evaluation.of(assign)));
    } catch (CompletionException e) {
      // the coordinator is down, and its upload with it
      thread.schedule(() -> finish(assign), 100, TimeUnit.MILLISECONDS);
      return;
    }
    unacknowledged.put(ref, report.build());
    running.remove(ref);
    for (int i = 0; i < traits.copies(); i++) {
      report(report.build());
    }
    demand();
    if (draining && running.isEmpty()) {
      end();
    }
  }

  private void report(Report report) {
    send(WorkerMessage.newBuilder().setReport(report).build());
  }

  /** As after SIGTERM: takes nothing new and ends when it has finished what it runs. */
  void drainSoon() {
    run(this::drain);
  }

  private void drain() {
    draining = true;
    send(WorkerMessage.newBuilder().setDraining(Draining.getDefaultInstance()).build());
    if (running.isEmpty()) {
      end();
    }
  }

  private void end() {
    if (stream != null) {
      stream.onCompleted();
      stream = null;
    }
  }

  /** Says anything. */
  void say(WorkerMessage message) {
    run(() -> send(message));
  }

  /** As when the network drops the connection: the worker comes back at once. */
  void breakStream() {
    run(
        () -> {
          if (stream != null) {
            stream.onError(new IllegalStateException("the network dropped it"));
          }
        });
  }

  void demandAgain() {
    run(this::demand);
  }

  /** As kill -9: the connection breaks, nothing is said. */
  @Override
  public void close() {
    closed = true;
    thread.shutdownNow();
    channel.shutdownNow();
  }
}
