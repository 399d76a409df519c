package io.skyline.coordinator.journal;

/** A journal that cannot be opened, with the folder, the reason and what to do; for a person. */
public final class JournalException extends Exception {
  private static final long serialVersionUID = 1L;

  public JournalException(String message) {
    super(message);
  }

  public JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
