package io.skyline.coordinator.cli;

import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchSuspendedException;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.launch.RunArtifacts;
import io.skyline.coordinator.launch.SearchLauncher;
import io.skyline.coordinator.launch.SingleSearch;
import io.skyline.coordinator.launch.StoredRun;
import io.skyline.coordinator.results.FrontierFormat;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.results.RunResults;
import io.skyline.coordinator.rpc.CoordinatorServer;
import io.skyline.coordinator.rpc.ServerSettings;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Counts;
import io.skyline.coordinator.search.EmptyFrontier;
import io.skyline.coordinator.search.NearMiss;
import io.skyline.coordinator.search.SearchState;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Quantity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A search in this process, on this machine: its coordinator on the loopback address, the workers
 * that it spawns, and the run's folder with everything that is left of it.
 */
final class LocalSearch implements AutoCloseable {
  private static final int SHOWN_MISSES = 5;

  private final RunFolder run;
  private final ArtifactStore store;
  private final CoordinatorServer server;
  private @Nullable LiveRun live;
  private final PrintWriter out;
  private @Nullable LocalWorkers workers;

  private LocalSearch(RunFolder run, PrintWriter out) throws IOException {
    this.run = run;
    this.out = out;
    RunLog.to(run.path().resolve("logs").resolve("coordinator.log"));
    this.store = ArtifactStore.open(run.artifacts(), SearchLauncher.ARTIFACT_QUOTA);
    this.server =
        CoordinatorServer.open(ServerSettings.LOCAL, store, coordination -> new SingleSearch());
  }

  /** Runs a search to its end; the exit code. */
  static int begin(SearchConfig config, Path runs, PrintWriter out)
      throws IOException, JournalException, InterruptedException {
    RunFolder run = RunFolder.create(runs, config.name(), config.yaml());
    try (LocalSearch search = new LocalSearch(run, out)) {
      SearchHandle handle;
      try {
        handle =
            new SearchLauncher(search.store, search.server.coordination(), out::println)
                .begin(config, run);
      } catch (IOException | JournalException | RuntimeException e) {
        run.discardAfter(e);
        throw e;
      }
      return search.follow(handle, config.localWorkers());
    }
  }

  /** Goes on with an interrupted or finished search; the exit code. */
  static int resume(RunFolder run, int moreTrials, PrintWriter out)
      throws IOException, JournalException, InterruptedException {
    if (!run.hasOwnArtifacts()) {
      throw new CommandFailedException(
          run.path()
              + " belongs to a coordinator, which goes on with it once it is started again:"
              + " skyline coordinator --runs "
              + run.artifactsOfAllRuns().getParent());
    }
    OptionalInt localWorkers = StoredRun.read(run).config().localWorkers();
    try (LocalSearch search = new LocalSearch(run, out)) {
      SearchHandle handle =
          new SearchLauncher(search.store, search.server.coordination())
              .resume(run, new Resumption(moreTrials, localWorkers.isPresent()));
      return search.follow(handle, localWorkers);
    }
  }

  private int follow(SearchHandle handle, OptionalInt localWorkers)
      throws IOException, InterruptedException {
    server.listen();
    live = LiveRun.announce(run, server.address());
    out.println("Run " + run.path());
    out.flush();
    Thread interrupted = new Thread(() -> interrupt(handle), "interrupted");
    Runtime.getRuntime().addShutdownHook(interrupted);
    CompletableFuture<SearchState> completion = handle.completion();
    if (localWorkers.isPresent() && !completion.isDone()) { // a finished search has nothing to do
      workers =
          new LocalWorkers(
              LocalWorkers.home(),
              server.address(),
              localWorkers.getAsInt(),
              run.path().resolve("logs"));
    } else if (localWorkers.isEmpty()) {
      out.println("Waiting for workers: skyline worker --join " + server.address());
      out.flush();
    }
    try (ProgressDisplay display = ProgressDisplay.of(handle)) {
      handle.onProgress(display);
      SearchState state = completion.get();
      Runtime.getRuntime().removeShutdownHook(interrupted);
      display.close();
      return publish(state);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SearchSuspendedException) {
        return interruptedExit(interrupted);
      }
      throw new CommandFailedException("the search failed: " + e.getCause(), e);
    }
  }

  /** The virtual machine is going down: wait for the hook, which says how to resume. */
  private static int interruptedExit(Thread hook) throws InterruptedException {
    hook.join();
    return 130;
  }

  private void interrupt(SearchHandle handle) {
    closeWorkers();
    server.close();
    SearchState state = handle.state();
    try {
      new RunResults(run, store).write(state);
    } catch (IOException e) {
      out.println("The results so far could not be written: " + e.getMessage());
    }
    out.printf(
        "%nInterrupted after %d trials; nothing is lost. Go on with: skyline resume %s%n",
        state.counts().finished(), run.path());
    out.flush();
    closeLive();
  }

  private int publish(SearchState state) throws IOException {
    new RunResults(run, store).write(state);
    out.println();
    if (state.frontier().members().isEmpty()) {
      out.println("The frontier is empty: " + EmptyFrontier.reason(state) + ".");
      List<NearMiss> misses = state.nearestMisses(SHOWN_MISSES);
      if (!misses.isEmpty()) {
        out.println("The nearest:");
        misses.forEach(
            miss -> out.println("  " + describe(miss, state.settings().goals().constraints())));
      }
    } else {
      out.print(FrontierFormat.TABLE.text(state));
    }
    RunResults.shared(state).ifPresent(out::println);
    RunResults.screened(state).ifPresent(out::println);
    state
        .ended()
        .filter(why -> !why.isEmpty() && !why.equals(EmptyFrontier.reason(state)))
        .ifPresent(out::println);
    Counts counts = state.counts();
    if (counts.recalled() > 0) {
      out.printf(
          "%d of %d trials from earlier runs: they were not trained here.%n",
          counts.recalled(), counts.finished());
    }
    out.println("Results: " + run.path() + " (report.html, frontier.csv, models/)");
    out.flush();
    collect(state);
    return state.frontier().members().isEmpty() ? 1 : 0;
  }

  /** What the search no longer needs; nothing that is on its way in is needed once it is over. */
  private void collect(SearchState state) {
    try {
      store.retainOnly(RunArtifacts.of(state, store), Duration.ZERO);
    } catch (IOException e) {
      out.println("Artifacts that nothing needs could not be removed: " + e.getMessage());
      out.flush();
    }
  }

  /** The limits that a candidate breaks, with what it has instead, and the candidate. */
  private static String describe(NearMiss miss, List<Constraint> constraints) {
    String broken =
        constraints.stream()
            .filter(constraint -> constraint.foreseen(miss.scorecard()).orElse(0) > 0)
            .map(constraint -> instead(constraint, miss))
            .collect(Collectors.joining("; "));
    return broken + ": " + miss.genome();
  }

  private static String instead(Constraint constraint, NearMiss miss) {
    Metric metric = constraint.judged(miss.scorecard());
    double value = miss.scorecard().value(metric).orElseThrow();
    String predicted = metric == constraint.metric() ? "" : " (predicted)";
    return new Quantity(value, metric.unit()).text() + predicted + " breaks " + constraint.text();
  }

  private void closeLive() {
    if (live != null) {
      live.close();
    }
  }

  private void closeWorkers() {
    if (workers != null) {
      workers.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeWorkers();
    server.close();
    closeLive();
    store.close();
  }
}
