package io.skyline.coordinator.cli;

/** A command could not do its work, for a reason that a person can act on; exit code 1. */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }

  CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
