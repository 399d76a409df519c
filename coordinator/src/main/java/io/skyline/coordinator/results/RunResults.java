package io.skyline.coordinator.results;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.artifact.Fingerprint;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes what people take from a run: {@code trials.csv}, {@code frontier.csv}, {@code
 * frontier.json}, {@code report.html} and {@code models/<trial>/}.
 *
 * <p>All of it follows from the journal and the artifacts, so it can be written again at any time;
 * each file is replaced in one step.
 */
public final class RunResults {
  /** What a model's folder holds; a worker's other files stay artifacts. */
  private static final Set<String> PUBLISHED =
      Set.of("model.onnx", "model.zip", "model.sky", "card.json", "labels.txt");

  private final RunFolder run;
  private final ArtifactStore store;

  public RunResults(RunFolder run, ArtifactStore store) {
    this.run = run;
    this.store = store;
  }

  /** Brings tables, report and models up to a state of the search. */
  public void write(SearchState state) throws IOException {
    AtomicFile.write(run.path().resolve("trials.csv"), Csv.trials(state));
    List<Trial> members = state.frontier().members();
    for (Trial member : members) {
      publish(member);
    }
    AtomicFile.write(run.path().resolve("frontier.csv"), Csv.frontier(state));
    AtomicFile.write(run.path().resolve("frontier.json"), FrontierJson.of(state));
    AtomicFile.write(run.path().resolve("report.html"), Report.of(run.name(), state));
    removeAllBut(members);
  }

  /** What was done with shared weights, for a person; empty if none were shared. */
  public static Optional<String> shared(SearchState state) {
    return SharedScores.of(state).map(scores -> scores.summary(state));
  }

  /** What a prefilter did and how far its scores can be trusted; empty if there was none. */
  public static Optional<String> screened(SearchState state) {
    return Prescreen.summary(state);
  }

  /** Where files come from by their digests. */
  @FunctionalInterface
  public interface FileSource {
    /** Copies a file, whose digest is checked, or leaves nothing. */
    void copyTo(String digest, Path target) throws IOException;
  }

  /** Writes the files of one trial's model to a folder, which is created if need be. */
  public void export(Trial trial, Path folder) throws IOException {
    export(trial.artifacts(), folder, store::copyTo);
  }

  /** Writes the files of a model, wherever they are, to a folder. */
  public static void export(List<Artifact> artifacts, Path folder, FileSource source)
      throws IOException {
    Files.createDirectories(folder);
    removeLeftovers(folder);
    for (Artifact artifact : artifacts) {
      // a name from a worker is compared, never used as a path by itself
      if (PUBLISHED.contains(artifact.name())) {
        Path file = folder.resolve(artifact.name());
        boolean there =
            Files.exists(file) && Fingerprint.of(file).digest().equals(artifact.digest());
        if (!there) {
          source.copyTo(artifact.digest(), file);
        }
      }
    }
  }

  private void publish(Trial member) throws IOException {
    export(member, run.model(member.number()));
  }

  /** What a crash in the middle of a copy left. */
  private static void removeLeftovers(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.getFileName().toString().matches("\\.artifact.*\\.part")) {
          Files.delete(file);
        }
      }
    }
  }

  private void removeAllBut(List<Trial> members) throws IOException {
    Set<String> kept =
        members.stream()
            .map(member -> Integer.toString(member.number()))
            .collect(Collectors.toSet());
    if (!Files.isDirectory(run.models())) {
      return;
    }
    try (Stream<Path> folders = Files.list(run.models())) {
      for (Path folder : (Iterable<Path>) folders::iterator) {
        String name = folder.getFileName().toString();
        if (name.matches("[0-9]+") && !kept.contains(name)) {
          removeModel(folder);
        }
      }
    }
  }

  /** Removes our own files only; a folder to which a user added something stays. */
  private static void removeModel(Path folder) throws IOException {
    removeLeftovers(folder);
    for (String name : PUBLISHED) {
      Files.deleteIfExists(folder.resolve(name));
    }
    try (Stream<Path> rest = Files.list(folder)) {
      if (rest.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(folder);
  }
}
