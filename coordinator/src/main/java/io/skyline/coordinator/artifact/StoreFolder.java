package io.skyline.coordinator.artifact;

import io.skyline.coordinator.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a store on disk: {@code lock}, {@code incoming/}, {@code corrupt/} and the files at
 * {@code aa/bb/<digest>}.
 */
final class StoreFolder implements AutoCloseable {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path root;
  private final FileChannel lock;

  private StoreFolder(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Locks a folder for this process, creating it if need be, and removes a crash's leftovers. */
  static StoreFolder open(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    StoreFolder folder = new StoreFolder(root, channel);
    try {
      folder.acquire();
      folder.removeLeftovers();
      return folder;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Refuses whatever is not a SHA-256 in lower-case hex, so that no text becomes a path. */
  static void check(String digest) throws ArtifactException {
    if (!DIGEST.matcher(digest).matches()) {
      throw new ArtifactException(
          Kind.BAD_NAME, "an artifact's name is its SHA-256 in 64 lower-case hex digits");
    }
  }

  private void acquire() throws IOException {
    @Nullable FileLock held;
    try {
      held = lock.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null; // this very process has it open already
    }
    if (held == null) {
      throw new ArtifactException(
          Kind.IN_USE, "the artifact store " + root + " is already open; stop its process first");
    }
  }

  private void removeLeftovers() throws IOException {
    Files.createDirectories(incoming());
    try (Stream<Path> leftovers = Files.list(incoming())) {
      for (Path leftover : (Iterable<Path>) leftovers::iterator) {
        Files.delete(leftover);
      }
    }
  }

  /** Digest and size of every stored file. */
  Map<String, Long> scan() throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    try (Stream<Path> files = Files.walk(root, 3)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (DIGEST.matcher(name).matches() && file.equals(path(name))) {
          sizes.put(name, Files.size(file));
        }
      }
    }
    return sizes;
  }

  Path root() {
    return root;
  }

  Path path(String digest) {
    return shard(digest).resolve(digest);
  }

  private Path shard(String digest) {
    return root.resolve(digest.substring(0, 2)).resolve(digest.substring(2, 4));
  }

  /** A new file for an upload. */
  Path temporary(String digest) throws IOException {
    return Files.createTempFile(incoming(), digest, ".part");
  }

  /** Renames a finished upload to its place, so that it survives a power cut. */
  void install(Path temporary, String digest) throws IOException {
    Path shard = shard(digest);
    boolean fresh = !Files.isDirectory(shard);
    Files.createDirectories(shard);
    Files.move(temporary, path(digest), StandardCopyOption.ATOMIC_MOVE);
    force(shard);
    if (fresh) {
      force(root.resolve(digest.substring(0, 2)));
      force(root);
    }
  }

  /** Moves a file that lost its digest to {@code corrupt/}, if it is still there. */
  void setAside(String digest) throws IOException {
    if (Files.exists(path(digest))) {
      Path aside = Files.createDirectories(root.resolve("corrupt")).resolve(digest);
      Files.move(path(digest), aside, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private Path incoming() {
    return root.resolve("incoming");
  }

  /** A rename is in its folder, and only some systems let a folder be forced to disk. */
  private static void force(Path folder) throws IOException {
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
