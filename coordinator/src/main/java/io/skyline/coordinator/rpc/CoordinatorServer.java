package io.skyline.coordinator.rpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.skyline.coordinator.actor.Admission;
import io.skyline.coordinator.actor.Coordination;
import io.skyline.coordinator.artifact.ArtifactStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A coordinator that listens: workers and users' commands come in here, searches run behind it.
 *
 * <pre>{@code
 * try (CoordinatorServer server = CoordinatorServer.open(settings, store, actions)) {
 *   SearchHandle search = server.coordination().begin(plan, runFolder);
 *   server.listen();
 *   spawnWorkers(server.address());
 *   search.onProgress(bar::show);
 *   SearchState state = search.completion().get();
 * }
 * }</pre>
 */
public final class CoordinatorServer implements AutoCloseable {
  private static final int THREADS = 8;
  private static final int LARGEST_MESSAGE = 2 << 20;

  private final Server server;
  private final Coordination coordination;
  private final ExecutorService threads;
  private final ScheduledExecutorService deadlines;
  private final String host;

  private CoordinatorServer(
      Server server,
      Coordination coordination,
      ExecutorService threads,
      ScheduledExecutorService deadlines,
      String host) {
    this.server = server;
    this.coordination = coordination;
    this.threads = threads;
    this.deadlines = deadlines;
    this.host = host;
  }

  /**
   * A coordinator that users' commands can reach. It listens once {@link #listen} is called, so
   * that searches can be resumed before their workers come back.
   *
   * @param artifacts kept by the caller, who closes it afterwards
   * @param actions made with the searches that they act on
   */
  public static CoordinatorServer open(
      ServerSettings settings,
      ArtifactStore artifacts,
      Function<Coordination, ControlActions> actions) {
    Coordination coordination =
        new Coordination(
            new Admission(settings.build(), settings.catalogDigest()),
            settings.dispatch(),
            artifacts);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, named("skyline-rpc"));
    ScheduledExecutorService deadlines =
        Executors.newSingleThreadScheduledExecutor(named("skyline-deadlines"));
    SessionMessages messages = new SessionMessages(coordination.term());
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .executor(threads)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .maxConcurrentCallsPerConnection(64)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .handshakeTimeout(10, TimeUnit.SECONDS)
            .addService(new DispatchService(coordination, messages, new StoredArtifacts(artifacts)))
            .addService(new ArtifactsService(artifacts, settings.largestArtifact(), deadlines))
            .addService(new ControlService(coordination, actions.apply(coordination)))
            .build();
    return new CoordinatorServer(server, coordination, threads, deadlines, settings.host());
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Opens the port.
   *
   * @throws IOException if it is taken or the host is none of this machine
   */
  public CoordinatorServer listen() throws IOException {
    server.start();
    return this;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** What workers join: {@code host:port}. */
  public String address() {
    return host.indexOf(':') < 0 ? host + ":" + port() : "[" + host + "]:" + port();
  }

  /** The searches and workers behind it. */
  public Coordination coordination() {
    return coordination;
  }

  /** Closes the port, suspends the searches that run, each with its journal whole, and ends. */
  @Override
  public void close() {
    server.shutdown();
    coordination.close();
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // only now: what ends a call still runs on them
    deadlines.shutdownNow();
    threads.shutdown();
  }
}
