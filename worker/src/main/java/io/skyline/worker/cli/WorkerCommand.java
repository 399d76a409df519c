package io.skyline.worker.cli;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.skyline.scorecard.Build;
import io.skyline.space.Catalog;
import io.skyline.v1.Hello;
import io.skyline.worker.link.SessionEnd;
import io.skyline.worker.link.Worker;
import io.skyline.worker.trial.ChildSettings;
import io.skyline.worker.trial.Slot;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code worker}: lends this machine to a coordinator until it is told to leave. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Joins a coordinator and evaluates what it hands out.")
public final class WorkerCommand implements Callable<Integer> {
  private static final int PROTOCOL = 1;
  private static final List<String> ENGINES = List.of("onednn", "dl4j");

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--join",
      required = true,
      paramLabel = "HOST:PORT",
      description = "The coordinator's address.")
  private String join = "";

  @Option(
      names = "--slots",
      defaultValue = "1",
      description = "How many candidates to evaluate at a time, each on one core. Default: 1")
  private int slots;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Keeps data sets. Default: $SKYLINE_CACHE, or .cache/skyline at home.")
  private @Nullable Path cache;

  @Option(
      names = "--grace",
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "How long to finish what runs when told to leave. Default: ${DEFAULT-VALUE}")
  private int graceSeconds;

  @Option(
      names = "--recycle-after",
      defaultValue = "100",
      paramLabel = "TASKS",
      description = "Replaces a slot's process after so many tasks; 0: never. Default: 100")
  private int recycleTasks;

  @Option(
      names = "--parent-pipe",
      description =
          "Leave at once when standard input closes: the process that started us is gone.")
  private boolean parentPipe;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Address address =
        Address.parse(join)
            .orElseThrow(
                () ->
                    badInput("--join takes HOST:PORT, such as localhost:7447, not '" + join + "'"));
    if (slots < 1 || slots > 1024) {
      throw badInput("--slots must lie between 1 and 1024, not " + slots);
    }
    if (graceSeconds < 0 || recycleTasks < 0) {
      throw badInput("--grace and --recycle-after cannot be negative");
    }
    if (parentPipe) {
      ParentPipe.leaveWithParent();
    }
    try (WorkerFolder folder = WorkerFolder.open(cache)) {
      return work(address, folder);
    }
  }

  private int work(Address address, WorkerFolder folder) throws IOException, InterruptedException {
    ChildSettings settings = ChildSettings.standard(folder.cache()).withRecycleTasks(recycleTasks);
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            action -> {
              Thread thread = new Thread(action, "limits");
              thread.setDaemon(true);
              return thread;
            });
    List<Slot> started = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      started.add(new Slot(settings, clock));
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .usePlaintext()
            // a connection that is open on this side only is found out within two of these
            .keepAliveTime(20, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(false)
            .build();
    String fingerprint;
    try {
      fingerprint = started.get(0).fingerprint();
    } catch (IOException e) {
      started.forEach(Slot::close);
      channel.shutdownNow();
      err().println("skyline worker: " + e.getMessage());
      return 1;
    }
    try (Worker worker = new Worker(channel, hello(fingerprint), started, folder.scratch())) {
      Thread drain = new Thread(() -> drain(worker, folder), "drain");
      Runtime.getRuntime().addShutdownHook(drain);
      return await(worker.start());
    } finally {
      channel.shutdownNow();
    }
  }

  /** What SIGTERM and Ctrl-C set off; the process ends when this does. */
  private void drain(Worker worker, WorkerFolder folder) {
    worker.drain(Duration.ofSeconds(graceSeconds)).join();
    worker.close();
    folder.close();
  }

  private int await(CompletableFuture<SessionEnd> ended) throws InterruptedException {
    try {
      SessionEnd end = ended.get();
      if (end instanceof SessionEnd.Refused refused) {
        err().println("skyline worker: the coordinator refuses this worker: " + refused.reason());
        return 1;
      }
      return 0;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Hello hello(String fingerprint) {
    return Hello.newBuilder()
        .setWorkerId(UUID.randomUUID().toString())
        .setHost(host())
        .setSlots(slots)
        .setBuild(Build.id())
        .setProtocol(PROTOCOL)
        .setNumericFingerprint(fingerprint)
        .addAllEngines(ENGINES)
        .setCatalogDigest(Catalog.digest())
        .build();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown"; // a name for people; a machine without one works all the same
    }
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  private ParameterException badInput(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
