package io.skyline.worker.dl4j;

import io.skyline.scorecard.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * A DL4J zip that cannot be read as a network of ours; the message names the file and the layer.
 */
public final class UnreadableZipException extends BadInputException {
  private static final long serialVersionUID = 1L;

  UnreadableZipException(String message) {
    super(message);
  }

  UnreadableZipException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
