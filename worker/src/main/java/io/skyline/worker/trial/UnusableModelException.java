package io.skyline.worker.trial;

import io.skyline.scorecard.BadInputException;

/** A trained model, its data or its card, as a user named it, that cannot be used. */
public final class UnusableModelException extends BadInputException {
  private static final long serialVersionUID = 1L;

  UnusableModelException(String message) {
    super(message);
  }
}
