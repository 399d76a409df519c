package io.skyline.coordinator.artifact;

import io.skyline.coordinator.artifact.ArtifactException.Kind;
import java.nio.file.Path;

/** The bytes that a store's files and uploads may take together. Safe for any thread. */
final class Quota {
  private final Path root;
  private final long limit;
  private long used;

  Quota(Path root, long limit, long used) {
    this.root = root;
    this.limit = limit;
    this.used = used;
  }

  /** Takes bytes, or none where not all of them are left. */
  synchronized void reserve(long bytes) throws ArtifactException {
    if (bytes < 0) {
      throw new ArtifactException(Kind.MISMATCH, "an artifact cannot have " + bytes + " bytes");
    }
    if (bytes > limit - used) {
      throw new ArtifactException(
          Kind.FULL,
          "the artifact store %s is full: %,d of %,d bytes are taken and %,d more are needed;"
                  .formatted(root, used, limit, bytes)
              + " once no search goes on, remove old runs and restart the coordinator, which then"
              + " removes what they had");
    }
    used += bytes;
  }

  synchronized void release(long bytes) {
    used -= bytes;
  }

  synchronized long used() {
    return used;
  }
}
