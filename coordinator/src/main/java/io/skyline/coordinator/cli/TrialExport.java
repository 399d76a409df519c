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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The files of a trial copied out of a run, from its folder or from the coordinator that has it.
 *
 * @param run the run's folder, or its name there
 * @param coordinator whom to ask; null for the run's own, if it is live
 */
record TrialExport(Path run, int trial, @Nullable String coordinator) {
  /**
   * Copies.
   *
   * @param target the folder for a run's name
   */
  Path to(UnaryOperator<String> target) throws Exception {
    if (coordinator != null) {
      try (RemoteCoordinator remote = RemoteCoordinator.connect(coordinator)) {
        return download(remote, run.toString(), target);
      }
    }
    RunFolder folder = RunFolder.open(run);
    Optional<RemoteCoordinator> live = LiveRun.coordinator(folder);
    if (live.isPresent()) {
      try (RemoteCoordinator remote = live.get()) {
        return download(remote, folder.name(), target);
      }
    }
    return copy(folder, target);
  }

  private Path download(RemoteCoordinator remote, String search, UnaryOperator<String> target)
      throws IOException {
    Path into = Path.of(target.apply(search));
    RunResults.export(remote.files(search, trial), into, remote::download);
    return into;
  }

  private Path copy(RunFolder folder, UnaryOperator<String> target) throws Exception {
    Trial found =
        StoredRun.read(folder)
            .state()
            .trial(trial)
            .filter(t -> !t.artifacts().isEmpty())
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "trial " + trial + " of " + run + " has no model; see trials.csv"));
    Path into = Path.of(target.apply(folder.name()));
    try (ArtifactStore store = ArtifactStore.open(store(folder), SearchLauncher.ARTIFACT_QUOTA)) {
      new RunResults(folder, store).export(found, into);
    }
    return into;
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
