package io.skyline.worker.cli;

import io.skyline.scorecard.BadInputException;

/** A file on the command line that cannot be used. */
final class UnusableFileException extends BadInputException {
  private static final long serialVersionUID = 1L;

  UnusableFileException(String message) {
    super(message);
  }
}
