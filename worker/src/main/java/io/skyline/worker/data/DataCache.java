package io.skyline.worker.data;

import io.skyline.scorecard.DataCard.Split;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prepared splits by digest: in memory while there is room, else in a folder, else fetched.
 *
 * <p>Several processes may share the folder: files appear complete or not at all, and one that
 * another process removed is fetched again. Within a process every method may be called from any
 * thread; one fetch runs at a time.
 */
public final class DataCache {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /** A partial file of that age belongs to a process that died. */
  private static final Duration STALE = Duration.ofHours(1);

  private final Path folder;
  private final long budget;
  private final ArtifactSource source;
  private final Map<String, SoftReference<Examples>> memory = new HashMap<>();

  /**
   * Opens the cache in a folder, which is created if need be.
   *
   * @param budget bytes that its files may take; the one used last stays even if it alone is larger
   */
  public DataCache(Path folder, long budget, ArtifactSource source) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.budget = budget;
    this.source = source;
    removePartialFiles();
  }

  /**
   * The examples of a split, verified; to be read only, because callers share them.
   *
   * @throws BadDataException if what the source gives does not have the split's digest
   */
  public synchronized Examples load(Split split) throws IOException {
    SoftReference<Examples> warm = memory.get(split.digest());
    @Nullable Examples examples = warm == null ? null : warm.get();
    if (examples == null) {
      examples = read(split);
      memory.put(split.digest(), new SoftReference<>(examples));
    }
    return examples;
  }

  private Examples read(Split split) throws IOException {
    Path file = file(split.digest());
    if (Files.exists(file)) {
      try {
        Examples examples = PreparedSplit.read(file, split);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        return examples;
      } catch (BadDataException | NoSuchFileException e) {
        Files.deleteIfExists(file); // damaged on disk, or removed by another process: fetch it
      }
    }
    return fetch(split, file);
  }

  private Examples fetch(Split split, Path file) throws IOException {
    Path temporary = Files.createTempFile(folder, split.digest(), ".part");
    try {
      source.fetch(split.digest(), temporary);
      Examples examples = PreparedSplit.read(temporary, split);
      makeRoom(split);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      return examples;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Removes the files that were not used for longest until the new one fits. */
  private void makeRoom(Split coming) throws IOException {
    List<Cached> files = list();
    files.removeIf(file -> !DIGEST.matcher(file.path().getFileName().toString()).matches());
    files.sort(Comparator.comparing(Cached::used));
    long total = coming.bytes() + files.stream().mapToLong(Cached::bytes).sum();
    for (Cached oldest : files) {
      if (total <= budget) {
        return;
      }
      Files.deleteIfExists(oldest.path());
      total -= oldest.bytes();
    }
  }

  private void removePartialFiles() throws IOException {
    Instant limit = Instant.now().minus(STALE);
    for (Cached file : list()) {
      if (file.path().toString().endsWith(".part") && file.used().isBefore(limit)) {
        Files.deleteIfExists(file.path());
      }
    }
  }

  private record Cached(Path path, long bytes, Instant used) {}

  private List<Cached> list() throws IOException {
    List<Cached> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        try {
          Instant used = Files.getLastModifiedTime(path).toInstant();
          files.add(new Cached(path, Files.size(path), used));
        } catch (NoSuchFileException e) {
          continue; // another process has just removed it
        }
      }
    }
    return files;
  }

  private Path file(String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException("not a SHA-256 in lower-case hex: " + digest);
    }
    return folder.resolve(digest);
  }
}
