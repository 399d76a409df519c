package io.skyline.worker.pack;

import io.skyline.scorecard.BadInputException;

/** A file that is not a whole packed model: the message names file, byte and reason. */
public final class BadPackedModelException extends BadInputException {
  private static final long serialVersionUID = 1L;

  BadPackedModelException(String source, long position, String reason) {
    super(source + ": byte " + position + ": " + reason);
  }
}
