package io.skyline.coordinator.cli;

import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.journal.JournalDatabase;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.launch.RunArtifacts;
import io.skyline.coordinator.launch.SearchControl;
import io.skyline.coordinator.launch.SearchLauncher;
import io.skyline.coordinator.launch.StoredRun;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.results.RunResults;
import io.skyline.coordinator.rpc.CoordinatorServer;
import io.skyline.coordinator.rpc.ServerSettings;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code skyline coordinator}: serves searches to workers that join, until it is stopped; started
 * again it goes on with those that had not ended.
 */
@Command(
    name = "coordinator",
    description = "Takes searches and hands them to workers that join; Ctrl-C suspends them.",
    mixinStandardHelpOptions = true)
final class CoordinatorCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorCommand.class);

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "address for workers and commands (default: ${DEFAULT-VALUE})",
      defaultValue = "127.0.0.1:7070")
  private String listen = "127.0.0.1:7070";

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "folder of the runs (default: ${DEFAULT-VALUE})",
      defaultValue = "runs")
  private Path runs = Path.of("runs");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    HostAndPort address = HostAndPort.parse(listen);
    Files.createDirectories(runs);
    RunLog.to(runs.resolve("logs").resolve("coordinator.log"));
    try (ArtifactStore store =
            ArtifactStore.open(runs.resolve("artifacts"), SearchLauncher.ARTIFACT_QUOTA);
        CoordinatorServer server =
            CoordinatorServer.open(
                ServerSettings.LOCAL.at(address.host(), address.port()),
                store,
                coordination ->
                    new SearchControl(
                        runs,
                        new SearchLauncher(store, coordination),
                        (run, search) -> publishWhenOver(run, search, store)))) {
      resumeUnfinished(new SearchLauncher(store, server.coordination()), store, out);
      server.listen();
      out.println("Coordinator on " + server.address());
      out.println("  workers:  skyline worker --join " + server.address());
      out.println("  searches: skyline search CONFIG --coordinator " + server.address());
      out.flush();
      untilStopped(server);
    }
    return 0;
  }

  /**
   * Goes on with runs whose artifacts are here and whose journal has no end. If there are none,
   * artifacts that no run needs are removed, those of deleted runs among them; else workers may
   * have brought what they are yet to report.
   */
  private void resumeUnfinished(SearchLauncher launcher, ArtifactStore store, PrintWriter out)
      throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(runs)) {
      folders = all.filter(JournalDatabase::exists).sorted().toList();
    }
    Set<String> needed = new HashSet<>();
    boolean collectable = true;
    for (Path folder : folders) {
      RunFolder run = RunFolder.open(folder);
      try {
        SearchState state = StoredRun.read(run).state();
        needed.addAll(RunArtifacts.of(state, store));
        Phase phase = state.phase();
        boolean own = !run.hasOwnArtifacts();
        if (own && phase != Phase.ENDED && phase != Phase.CANCELLED) {
          publishWhenOver(run, launcher.resume(run, Resumption.SAME_WORKERS), store);
          out.println("Goes on with " + run.name());
          collectable = false;
        }
      } catch (JournalException e) {
        out.println(run.name() + " is left alone: " + e.getMessage());
        collectable = false;
      }
    }
    if (collectable) {
      long freed = store.retainOnly(needed, Duration.ZERO);
      LOG.info("{} bytes of artifacts that no run needs were removed", freed);
    }
  }

  private static void publishWhenOver(RunFolder run, SearchHandle search, ArtifactStore store) {
    search
        .completion()
        .thenAccept(state -> publish(run, state, store))
        .exceptionally(
            failure -> {
              LOG.info("{}: {}", run.name(), failure.toString());
              return null;
            });
  }

  private static void publish(RunFolder run, SearchState state, ArtifactStore store) {
    try {
      new RunResults(run, store).write(state);
      LOG.info("{} is published", run.name());
    } catch (IOException e) {
      LOG.error("the results of {} cannot be written", run.name(), e);
    }
  }

  private static void untilStopped(CoordinatorServer server) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                },
                "stop"));
    stopped.await();
  }
}
