package io.skyline.worker.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Skeletons of typical networks, which the packer's and the reader's contexts read before a model's
 * own: the names of operators and attributes need not be learnt from each model again. The bytes
 * are part of the format: they may not change without its version.
 */
final class SkeletonDictionary {
  private static final ByteContexts PRIMED = new ByteContexts().learn(bytes());

  private SkeletonDictionary() {}

  /** Contexts that have read the dictionary; read once, copied for each model. */
  static ByteContexts contexts() {
    return PRIMED.copy();
  }

  static byte[] bytes() {
    try (InputStream in = SkeletonDictionary.class.getResourceAsStream("skeleton.dictionary")) {
      return Objects.requireNonNull(in, "the distribution lacks skeleton.dictionary")
          .readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("skeleton.dictionary", e);
    }
  }
}
