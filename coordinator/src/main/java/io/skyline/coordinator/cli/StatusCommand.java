package io.skyline.coordinator.cli;

import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.launch.StoredRun;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.search.Counts;
import io.skyline.coordinator.search.SearchState;
import io.skyline.v1.SearchStatus;
import io.skyline.v1.StatusReply;
import io.skyline.v1.WorkerStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline status [RUN]}: how far runs are, live or from their journals. */
@Command(
    name = "status",
    description = "Says how far a run is, all runs in ./runs, or a coordinator's searches.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", arity = "0..1", description = "a run's folder")
  private @Nullable Path run;

  @Option(names = "--coordinator", paramLabel = "HOST:PORT", description = "ask this coordinator")
  private @Nullable String coordinator;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (coordinator != null) {
      try (RemoteCoordinator remote = RemoteCoordinator.connect(coordinator)) {
        print(remote.status(run == null ? "" : run.toString()), out);
      }
    } else if (run != null) {
      print(RunFolder.open(run), out);
    } else {
      for (Path folder : runs(Path.of("runs"))) {
        print(RunFolder.open(folder), out);
      }
    }
    out.flush();
    return 0;
  }

  private static List<Path> runs(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(
          "there is no folder runs here; start a search, or name a run's folder");
    }
    try (Stream<Path> runs = Files.list(folder)) {
      return runs.filter(r -> Files.isRegularFile(r.resolve("config.yaml"))).sorted().toList();
    }
  }

  private static void print(RunFolder run, PrintWriter out) throws IOException {
    Optional<RemoteCoordinator> live = LiveRun.coordinator(run);
    if (live.isPresent()) {
      try (RemoteCoordinator remote = live.get()) {
        print(remote.status(run.name()), out);
      }
      return;
    }
    try {
      print(run, StoredRun.read(run).state(), out);
    } catch (JournalException e) {
      out.println(run.name() + ": " + e.getMessage());
    }
  }

  private static void print(RunFolder run, SearchState state, PrintWriter out) {
    Counts counts = state.counts();
    boolean over = state.ended().isPresent();
    out.printf(
        Locale.ROOT,
        "%s: %s, %s trials finished%s%s, %d failed, %d models on the frontier, hypervolume %.3f%n",
        run.name(),
        over ? "done" : "interrupted in phase " + state.phase().name().toLowerCase(Locale.ROOT),
        of(counts.finished(), state.budget()),
        recalled(counts.recalled()),
        paused(counts.paused()) + screened(counts.screened()),
        counts.failed(),
        state.frontier().members().size(),
        state.hypervolume());
    state.ended().filter(why -> !why.isEmpty()).ifPresent(why -> out.println("  " + why));
    if (!over) {
      out.println("  go on with: skyline resume " + run.path());
    }
  }

  private static void print(StatusReply reply, PrintWriter out) {
    for (SearchStatus search : reply.getSearchesList()) {
      out.printf(
          Locale.ROOT,
          "%s: %s, %s scored%s, %d running%s, %d failed, %d rejected%s, hypervolume %.3f%s%n",
          search.getSearch(),
          search.getPhase(),
          of(search.getScored(), search.getBudget()),
          recalled(search.getRecalled()),
          search.getRunning(),
          paused(search.getPaused()) + screened(search.getScreened()),
          search.getFailed(),
          search.getRejected(),
          best(search),
          search.getHypervolume(),
          left(search));
      if (!search.getMessage().isEmpty()) {
        out.println("  " + search.getMessage());
      }
    }
    for (WorkerStatus worker : reply.getWorkersList()) {
      out.printf(
          "worker %s on %s: %d of %d slots busy%n",
          worker.getWorkerId(), worker.getHost(), worker.getBusy(), worker.getSlots());
    }
  }

  /** Nothing, where no trial waits at a rung. */
  private static String paused(int count) {
    return count == 0 ? "" : ", " + count + " paused";
  }

  /** Nothing, where no prefilter kept a trial from being trained. */
  private static String screened(int count) {
    return count == 0 ? "" : ", " + count + " screened out";
  }

  /** {@code 12 of 32}, or just {@code 12} where time is the budget. */
  private static String of(int count, int budget) {
    return budget == Integer.MAX_VALUE ? Integer.toString(count) : count + " of " + budget;
  }

  /** Trainings that this run did not do. */
  private static String recalled(int trials) {
    return trials == 0 ? "" : " (" + trials + " from earlier runs)";
  }

  /** Nothing, while no model keeps the limits. */
  private static String best(SearchStatus search) {
    return search.getBestAccuracy() > 0
        ? String.format(Locale.ROOT, ", best %.2f %%", 100 * search.getBestAccuracy())
        : "";
  }

  private static String left(SearchStatus search) {
    return search.getSecondsLeft() < 0
        ? ""
        : ", about "
            + ProgressText.words(java.time.Duration.ofSeconds((long) search.getSecondsLeft()))
            + " left";
  }
}
