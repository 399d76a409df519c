package io.skyline.worker.sharing;

import io.skyline.sharing.VectorFile;
import io.skyline.worker.data.ArtifactSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of operations by the digest of their file: in memory, the ones used or made last, else
 * fetched. For one thread.
 */
public final class VectorCache {
  private final long budget;
  private final ArtifactSource source;
  private final FileCheck check;
  private final Map<String, float[]> vectors = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private long fetched;

  /** Checks a file that was fetched. */
  @FunctionalInterface
  public interface FileCheck {
    /**
     * Checks that a file has a digest.
     *
     * @throws IOException if it has not
     */
    void verify(Path file, String digest) throws IOException;
  }

  /**
   * @param budget bytes of numbers that are kept; the vectors of one call may exceed it
   * @param source of files
   * @param check of each that was fetched
   */
  public VectorCache(long budget, ArtifactSource source, FileCheck check) {
    this.budget = budget;
    this.source = source;
    this.check = check;
  }

  /**
   * The vector of an operation.
   *
   * @param digest of its file
   * @param folder for the file on its way
   * @return to be read only
   * @throws IOException if the file cannot be had, or holds something else
   */
  public float[] load(String key, String digest, Path folder) throws IOException {
    float @Nullable [] known = vectors.get(digest);
    if (known != null) {
      return known;
    }
    Path file = Files.createTempFile(folder, "vector", ".part");
    try {
      source.fetch(digest, file);
      check.verify(file, digest);
      fetched += Files.size(file);
      float[] vector = VectorFile.read(Files.readAllBytes(file)).vectors().get(key);
      if (vector == null) {
        throw new IOException("artifact " + digest + " does not hold " + key);
      }
      keep(digest, vector);
      return vector;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Keeps a vector that was made here.
   *
   * @param digest of the file that would hold it
   * @param vector not to be changed any more
   */
  public void keep(String digest, float[] vector) {
    if (vectors.put(digest, vector) == null) {
      bytes += (long) vector.length * Float.BYTES;
    }
  }

  /** Forgets the vectors that were not used for longest until the rest is within the budget. */
  public void trim() {
    Iterator<float[]> oldest = vectors.values().iterator();
    while (bytes > budget && oldest.hasNext()) {
      bytes -= (long) oldest.next().length * Float.BYTES;
      oldest.remove();
    }
  }

  /** Bytes of the files that were fetched so far. */
  public long fetchedBytes() {
    return fetched;
  }
}
