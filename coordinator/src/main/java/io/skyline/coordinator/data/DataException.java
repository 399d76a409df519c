package io.skyline.coordinator.data;

import io.skyline.scorecard.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * A data set that cannot be read or prepared; the message names the file, the byte and the way out.
 */
public final class DataException extends BadInputException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String advice;

  DataException(String what, String advice) {
    super(what + "; " + advice);
    this.what = what;
    this.advice = advice;
  }

  /**
   * A fault in a file.
   *
   * @param file as the user named it
   * @param place such as {@code byte 16} or {@code byte 16 of its uncompressed content}
   */
  DataException(String file, String place, String what, String advice, @Nullable Throwable cause) {
    super(file + ", " + place + ": " + what + "; " + advice, cause);
    this.what = file + ", " + place + ": " + what;
    this.advice = advice;
  }

  /** The fault and its place. */
  String what() {
    return what;
  }

  /** What to do about it. */
  String advice() {
    return advice;
  }
}
