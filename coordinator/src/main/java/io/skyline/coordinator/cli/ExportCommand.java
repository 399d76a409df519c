package io.skyline.coordinator.cli;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.launch.SearchLauncher;
import io.skyline.coordinator.launch.StoredRun;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.results.RunResults;
import io.skyline.coordinator.search.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline export RUN TRIAL}: the files of any scored trial, on the frontier or not. */
@Command(
    name = "export",
    description = "Copies a trial's model files out of a run.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "the run's folder; with --coordinator its name there")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path run;

  @Parameters(index = "1", paramLabel = "TRIAL", description = "the trial's number")
  private int trial;

  @Option(names = "--out", paramLabel = "DIR", description = "folder (default: RUN-TRIAL)")
  private @Nullable Path out;

  @Option(names = "--coordinator", paramLabel = "HOST:PORT", description = "ask this coordinator")
  private @Nullable String coordinator;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path target;
    if (coordinator != null) {
      try (RemoteCoordinator remote = RemoteCoordinator.connect(coordinator)) {
        target = download(remote, run.toString());
      }
    } else {
      RunFolder folder = RunFolder.open(run);
      Optional<RemoteCoordinator> live = LiveRun.coordinator(folder);
      if (live.isPresent()) {
        try (RemoteCoordinator remote = live.get()) {
          target = download(remote, folder.name());
        }
      } else {
        target = copy(folder);
      }
    }
    spec.commandLine().getOut().println(target);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private Path target(String name) {
    return out == null ? Path.of(name + "-" + trial) : out;
  }

  private Path download(RemoteCoordinator remote, String search) throws IOException {
    Path target = target(search);
    RunResults.export(remote.files(search, trial), target, remote::download);
    return target;
  }

  private Path copy(RunFolder folder) throws Exception {
    Trial found =
        StoredRun.read(folder)
            .state()
            .trial(trial)
            .filter(t -> !t.artifacts().isEmpty())
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "trial " + trial + " of " + run + " has no model; see trials.csv"));
    Path target = target(folder.name());
    try (ArtifactStore store = ArtifactStore.open(store(folder), SearchLauncher.ARTIFACT_QUOTA)) {
      new RunResults(folder, store).export(found, target);
    }
    return target;
  }

  /** The run's own artifacts, or for a run of a coordinator those of all its runs. */
  private static Path store(RunFolder folder) {
    Path store = folder.hasOwnArtifacts() ? folder.artifacts() : folder.artifactsOfAllRuns();
    if (!Files.isDirectory(store)) {
      throw new CommandFailedException(
          "the artifacts of " + folder.path() + " are not here; looked for " + store);
    }
    return store;
  }
}
