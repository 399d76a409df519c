package io.skyline.coordinator.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layout of the cache on disk: {@code aa/<key>/}, and {@code drafts/} for what comes and goes.
 */
final class EntryFolder {
  private static final Logger LOG = LoggerFactory.getLogger(EntryFolder.class);
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

  /** A draft that is so old is a crash's. */
  private static final Duration OLD = Duration.ofHours(1);

  private final Path root;

  EntryFolder(Path root) {
    this.root = root;
  }

  /** An entry with its size and when it was last used. */
  private record Entry(Path path, long bytes, Instant used) {}

  /** Where the entry of a key, a SHA-256 in hex, is or would be. */
  Path entry(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is no key");
    }
    return root.resolve(key.substring(0, 2)).resolve(key);
  }

  /** A new folder for an entry to be. */
  Path draft() throws IOException {
    Path drafts = Files.createDirectories(root.resolve("drafts"));
    return Files.createDirectory(drafts.resolve(UUID.randomUUID().toString()));
  }

  /** Takes an entry away in one step, then deletes it; nothing happens if it is gone. */
  void remove(String key) {
    remove(entry(key));
  }

  private void remove(Path entry) {
    try {
      Path away = draft();
      Files.move(entry, away, StandardCopyOption.ATOMIC_MOVE);
      delete(away);
    } catch (NoSuchFileException e) {
      LOG.debug("{} is gone already", entry);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", entry, e.toString());
    }
  }

  /** Removes the least recently used entries until all take at most so many bytes. */
  void trim(long bound) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path shard : list(root)) {
      for (Path path : list(shard)) {
        if (shard.endsWith("drafts")) {
          if (Files.getLastModifiedTime(path).toInstant().isBefore(Instant.now().minus(OLD))) {
            delete(path);
          }
        } else if (KEY.matcher(path.getFileName().toString()).matches()) {
          entries.add(measured(path));
        }
      }
    }
    long total = entries.stream().mapToLong(Entry::bytes).sum();
    entries.sort(Comparator.comparing(Entry::used));
    for (Entry entry : entries) {
      if (total <= bound) {
        return;
      }
      remove(entry.path());
      total -= entry.bytes();
    }
  }

  private static Entry measured(Path path) throws IOException {
    long bytes = 0;
    Instant used = Instant.EPOCH;
    for (Path file : list(path)) {
      bytes += Files.size(file);
      Instant at = Files.getLastModifiedTime(file).toInstant();
      used = at.isAfter(used) ? at : used;
    }
    return new Entry(path, bytes, used);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Deletes a folder of files, if it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    for (Path file : list(folder)) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }
}
