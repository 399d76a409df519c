package io.skyline.coordinator.results;

import io.skyline.scorecard.BadInputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one run, {@code runs/<name>-<number>/}, and what stands where in it.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

  /**
   * Makes the folder of a new run, with the next free number, and its {@code config.yaml}.
   *
   * @param runs the folder of all runs, created if need be
   * @param name from the config: letters, digits, {@code _ . -}
   */
  public static RunFolder create(Path runs, String name, String configYaml) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' cannot name a folder");
    }
    Files.createDirectories(runs);
    for (int number = lastNumber(runs, name) + 1; ; number++) {
      RunFolder run = new RunFolder(runs.resolve(name + "-" + number));
      try {
        Files.createDirectory(run.path());
      } catch (FileAlreadyExistsException e) {
        continue; // another search took the number just now
      }
      AtomicFile.write(run.config(), configYaml);
      return run;
    }
  }

  private static int lastNumber(Path runs, String name) throws IOException {
    Pattern numbered = Pattern.compile(Pattern.quote(name) + "-([1-9][0-9]{0,8})");
    try (Stream<Path> folders = Files.list(runs)) {
      return folders
          .map(folder -> numbered.matcher(folder.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
          .max()
          .orElse(0);
    } catch (NotDirectoryException e) {
      throw new NoRunException(runs + " is a file; name a folder for the runs");
    }
  }

  /**
   * An existing run.
   *
   * @throws BadInputException if the folder holds none
   */
  public static RunFolder open(Path path) {
    RunFolder run = new RunFolder(path);
    if (!Files.isRegularFile(run.config())) {
      throw new NoRunException(
          path + " holds no run (no config.yaml); name a folder such as runs/fashion-1");
    }
    return run;
  }

  /** Removes a run in which nothing has happened: no journal, no result. */
  private void discard() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** {@link #discard}s because of an exception, which keeps what goes wrong meanwhile. */
  public void discardAfter(Exception why) {
    try {
      discard();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** The run's name: {@code fashion-3}. */
  public String name() {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  /** The config, exactly as given. */
  public Path config() {
    return path.resolve("config.yaml");
  }

  /** The folder of the journal's database. */
  public Path journal() {
    return path.resolve("journal");
  }

  /** The folder of the run's artifact store. */
  public Path artifacts() {
    return path.resolve("artifacts");
  }

  /** Whether the run has an artifact store of its own: those of a coordinator share one. */
  public boolean hasOwnArtifacts() {
    return Files.isDirectory(artifacts());
  }

  /** The folder of the store that a coordinator's runs share. */
  public Path artifactsOfAllRuns() {
    return path.toAbsolutePath().normalize().resolveSibling("artifacts");
  }

  /** The folder of a published model. */
  public Path model(int trial) {
    return models().resolve(Integer.toString(trial));
  }

  Path models() {
    return path.resolve("models");
  }

  private static final class NoRunException extends BadInputException {
    private static final long serialVersionUID = 1L;

    NoRunException(String message) {
      super(message);
    }
  }
}
