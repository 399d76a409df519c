package io.skyline.worker.data;

import io.skyline.scorecard.BadInputException;

/** IDX files of a user that cannot be used; the message names the file and the byte. */
public final class UnusableIdxException extends BadInputException {
  private static final long serialVersionUID = 1L;

  UnusableIdxException(String message) {
    super(message);
  }
}
