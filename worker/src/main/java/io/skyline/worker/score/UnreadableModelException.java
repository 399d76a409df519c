package io.skyline.worker.score;

import org.jspecify.annotations.Nullable;

/** Bytes that are not a model Skyline can run: the message says why, a caller adds the file. */
public final class UnreadableModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
