package io.skyline.coordinator.artifact;

import io.skyline.coordinator.artifact.ArtifactException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files named by the SHA-256 of their bytes, within a quota.
 *
 * <p>A file appears complete and on disk, or not at all: it is written under {@code incoming/},
 * forced, and renamed to {@code aa/bb/<digest>}. What is read is checked against its name; a file
 * that fails is moved to {@code corrupt/} and counts as missing, so that it can be uploaded again.
 * One process has a store open at a time; within it every method may be called from any thread.
 */
public final class ArtifactStore implements AutoCloseable {
  private final StoreFolder folder;
  private final Quota quota;
  private final Object lock = new Object();
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, StoredPart> parts = new HashMap<>();

  /** A stored file: its size, and when it was last put or asked for, by the monotonic clock. */
  private record Entry(long bytes, long touched) {}

  private ArtifactStore(StoreFolder folder, long quota, Map<String, Long> sizes) {
    this.folder = folder;
    long now = System.nanoTime();
    sizes.forEach((digest, bytes) -> entries.put(digest, new Entry(bytes, now)));
    long taken = sizes.values().stream().mapToLong(Long::longValue).sum();
    this.quota = new Quota(folder.root(), quota, taken);
  }

  /**
   * Opens the store in a folder, which is created if need be, and removes what a crash left.
   *
   * @param quota bytes that all artifacts together may take
   * @throws ArtifactException if another process or another part of this one has it open
   */
  public static ArtifactStore open(Path root, long quota) throws IOException {
    StoreFolder folder = StoreFolder.open(root);
    try {
      return new ArtifactStore(folder, quota, folder.scan());
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Whether that file is stored; if so, {@link #retainOnly} spares it for another grace time. */
  public boolean has(String digest) throws ArtifactException {
    StoreFolder.check(digest);
    synchronized (lock) {
      if (parts.containsKey(digest)) {
        return true;
      }
      return entries.computeIfPresent(digest, (name, entry) -> touched(entry)) != null;
    }
  }

  /**
   * Begins an upload that is written piece by piece.
   *
   * @param digest what the bytes will hash to
   * @param bytes how many there will be; reserved in the quota at once
   */
  public Upload upload(String digest, long bytes) throws IOException {
    StoreFolder.check(digest);
    quota.reserve(bytes);
    try {
      return new Upload(this, digest, bytes, folder.temporary(digest));
    } catch (IOException | RuntimeException e) {
      release(bytes);
      throw e;
    }
  }

  /** Stores exactly {@code bytes} bytes of a stream, which must hash to {@code digest}. */
  public void put(String digest, long bytes, InputStream content) throws IOException {
    if (has(digest)) {
      return;
    }
    try (Upload upload = upload(digest, bytes)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        upload.write(buffer, 0, n);
      }
      upload.commit();
    }
  }

  /** Stores a copy of a file and returns its digest. */
  public String put(Path file) throws IOException {
    Fingerprint fingerprint = Fingerprint.of(file);
    try (InputStream content = Files.newInputStream(file)) {
      put(fingerprint.digest(), fingerprint.bytes(), content);
    }
    return fingerprint.digest();
  }

  /** Stores bytes and returns their digest. */
  public String put(byte[] content) throws IOException {
    Fingerprint fingerprint = Fingerprint.of(content);
    put(fingerprint.digest(), fingerprint.bytes(), new ByteArrayInputStream(content));
    return fingerprint.digest();
  }

  /** Stores what a deterministic writer writes, which is asked to write it twice. */
  public Fingerprint put(Fingerprint.Content content) throws IOException {
    Fingerprint fingerprint = Fingerprint.of(content);
    if (!has(fingerprint.digest())) {
      try (Upload upload = upload(fingerprint.digest(), fingerprint.bytes())) {
        content.writeTo(upload.stream());
        upload.commit();
      }
    }
    return fingerprint;
  }

  /**
   * Makes parts of stored files known by their own digests, until these files are removed or the
   * store is closed. A part that is known already is from now on the one in this file.
   */
  public void know(Collection<StoredPart> known) throws ArtifactException {
    synchronized (lock) {
      for (StoredPart part : known) {
        StoreFolder.check(part.digest());
        if (!entries.containsKey(part.container())) {
          throw missing(part.container());
        }
        parts.put(part.digest(), part);
      }
    }
  }

  /** Size of a stored file in bytes. */
  public long bytes(String digest) throws ArtifactException {
    StoreFolder.check(digest);
    synchronized (lock) {
      @Nullable StoredPart part = parts.get(digest);
      if (part != null) {
        return part.bytes();
      }
      Entry entry = entries.get(digest);
      if (entry == null) {
        throw missing(digest);
      }
      return entry.bytes();
    }
  }

  /**
   * A stored file's bytes. The stream ends with a {@link Kind#CORRUPT} error instead of an end of
   * file if they do not hash to the digest.
   */
  public InputStream get(String digest) throws IOException {
    StoreFolder.check(digest);
    @Nullable StoredPart part;
    synchronized (lock) {
      part = parts.get(digest);
    }
    try {
      InputStream content =
          part == null
              ? Files.newInputStream(folder.path(digest))
              : new PartStream(
                  Files.newInputStream(folder.path(part.container())), part.offset(), part.bytes());
      return new VerifiedStream(content, this, digest);
    } catch (NoSuchFileException e) {
      forget(digest);
      throw missing(digest);
    }
  }

  /** Copies a stored file to a path, verified, replacing what is there in one step. */
  public void copyTo(String digest, Path target) throws IOException {
    @Nullable Path parent = target.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(parent, ".artifact", ".part");
    try {
      try (InputStream content = get(digest)) {
        Files.copy(content, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Removes a file; removing one that is not stored is no error. */
  public void delete(String digest) throws IOException {
    StoreFolder.check(digest);
    synchronized (lock) {
      Files.deleteIfExists(folder.path(digest));
      forget(digest);
    }
  }

  /**
   * Removes every file outside the set that was neither put nor asked for within the grace time.
   *
   * <p>The grace covers what a worker has uploaded but not yet reported, which nothing refers to;
   * it may be zero where nobody works. After a restart it counts from {@link #open}.
   *
   * @return bytes freed
   */
  public long retainOnly(Set<String> keep, Duration grace) throws IOException {
    long now = System.nanoTime();
    synchronized (lock) {
      long freed = 0;
      for (Map.Entry<String, Entry> stored : Map.copyOf(entries).entrySet()) {
        boolean old = now - stored.getValue().touched() >= grace.toNanos();
        if (old && !keep.contains(stored.getKey())) {
          delete(stored.getKey());
          freed += stored.getValue().bytes();
        }
      }
      return freed;
    }
  }

  /** Bytes that are stored or reserved by uploads. */
  public long used() {
    return quota.used();
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }

  /** Gives back what an upload had reserved. */
  void release(long bytes) {
    quota.release(bytes);
  }

  /** Makes a finished upload a stored file; its reservation becomes its size. */
  void admit(String digest, long bytes, Path temporary) throws IOException {
    synchronized (lock) {
      if (entries.containsKey(digest)) {
        Files.delete(temporary);
        quota.release(bytes);
      } else {
        folder.install(temporary, digest);
      }
      entries.put(digest, new Entry(bytes, System.nanoTime()));
    }
  }

  /** Takes a file that lost its digest out of use. */
  ArtifactException setAside(String digest) throws IOException {
    synchronized (lock) {
      Path aside = folder.root().resolve("corrupt");
      if (!intact(digest)) { // another reader may have found it and a worker sent it again
        folder.setAside(digest);
        forget(digest);
      }
      return new ArtifactException(
          Kind.CORRUPT,
          "the stored artifact %s is corrupt; it was moved to %s and must be uploaded again"
              .formatted(digest, aside));
    }
  }

  private boolean intact(String digest) throws IOException {
    Path file = folder.path(digest);
    return Files.exists(file) && Fingerprint.of(file).digest().equals(digest);
  }

  private void forget(String digest) {
    synchronized (lock) {
      parts.values().removeIf(part -> part.container().equals(digest));
      parts.remove(digest);
      Entry gone = entries.remove(digest);
      if (gone != null) {
        quota.release(gone.bytes());
      }
    }
  }

  private static Entry touched(Entry entry) {
    return new Entry(entry.bytes(), System.nanoTime());
  }

  private ArtifactException missing(String digest) {
    return new ArtifactException(
        Kind.MISSING,
        "no artifact %s in %s; it was never stored or has been collected"
            .formatted(digest, folder.root()));
  }
}
