package io.skyline.worker.cli;

import io.skyline.scorecard.CacheFolder;
import io.skyline.worker.link.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a worker keeps on disk: data sets for all workers of a user, and a scratch folder of its own
 * that goes with it.
 *
 * @param cache shared
 * @param scratch this worker's alone
 */
record WorkerFolder(Path cache, Path scratch) implements AutoCloseable {
  /** Opens the cache and removes what dead workers left in it. */
  static WorkerFolder open(@Nullable Path chosen) throws IOException {
    Path cache = chosen == null ? CacheFolder.standard() : chosen.toAbsolutePath();
    Path all = Files.createDirectories(cache.resolve("scratch"));
    for (Path old : list(all)) {
      if (!isOfALiveProcess(old)) {
        new Scratch(old).close();
      }
    }
    Path scratch = all.resolve("worker-" + ProcessHandle.current().pid());
    return new WorkerFolder(cache, Files.createDirectories(scratch));
  }

  private static boolean isOfALiveProcess(Path folder) {
    String pid = String.valueOf(folder.getFileName()).replace("worker-", "");
    try {
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
      return process.isPresent();
    } catch (NumberFormatException e) {
      return true; // not ours
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Removes the scratch folder. */
  @Override
  public void close() {
    new Scratch(scratch).close();
  }
}
