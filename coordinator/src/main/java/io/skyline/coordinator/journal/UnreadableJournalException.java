package io.skyline.coordinator.journal;

/** A journal that this build cannot read, with the reason. */
public final class UnreadableJournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableJournalException(String message) {
    super(message);
  }

  UnreadableJournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
