package io.skyline.worker.data;

import java.io.IOException;
import java.nio.file.Path;

/** Where artifacts come from. */
@FunctionalInterface
public interface ArtifactSource {
  /**
   * Writes the artifact of that SHA-256 to a file, which exists and is empty. The caller checks the
   * digest.
   *
   * @throws IOException if it cannot be had; the message says why
   */
  void fetch(String digest, Path target) throws IOException;
}
