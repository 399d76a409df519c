package io.skyline.scorecard;

import org.jspecify.annotations.Nullable;

/**
 * Something a user gave that cannot be used: a config, a data file, a model.
 *
 * <p>The message says what, where (file and line or byte) and what to do; commands print it without
 * a stack trace and exit with 2.
 */
public abstract class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected BadInputException(String message) {
    super(message);
  }

  protected BadInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
