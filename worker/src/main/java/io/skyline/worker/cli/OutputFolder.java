package io.skyline.worker.cli;

import io.skyline.worker.link.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of results that appears when they are complete: until then they lie in another one
 * beside it, which goes with the process.
 *
 * @param target what the user named
 * @param part where to write
 */
record OutputFolder(Path target, Path part) implements AutoCloseable {
  /**
   * Checks what is there.
   *
   * @param force whether files of the same names may be replaced
   * @throws UnusableFileException if it is a file, or holds something and may not
   */
  static OutputFolder open(Path named, boolean force) throws IOException {
    Path target = named.toAbsolutePath().normalize();
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw new UnusableFileException(named + ": a file; --out names a folder");
    }
    if (Files.isDirectory(target) && !force && !isEmpty(target)) {
      throw new UnusableFileException(
          named + ": holds something already; --force replaces the files of a model in it");
    }
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new UnusableFileException(named + ": the folder above it does not exist");
    }
    Path part =
        parent.resolve("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    OutputFolder folder = new OutputFolder(target, Files.createDirectories(part));
    Runtime.getRuntime().addShutdownHook(new Thread(folder::close, "output"));
    return folder;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** Lets the results appear. */
  void publish() throws IOException {
    if (!Files.exists(target)) {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    for (Path file : files()) {
      Path to = target.resolve(String.valueOf(file.getFileName()));
      Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(part)) {
      return files.toList();
    }
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    new Scratch(part).close();
  }
}
