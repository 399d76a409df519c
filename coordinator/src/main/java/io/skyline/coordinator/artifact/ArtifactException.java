package io.skyline.coordinator.artifact;

import java.io.IOException;

/** An artifact that cannot be stored or handed out, with the reason in words for a user. */
public final class ArtifactException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, for callers that answer differently to each. */
  public enum Kind {
    /** The text is not a SHA-256 in lower-case hex. */
    BAD_NAME,
    /** Nothing is stored under that digest. */
    MISSING,
    /** What was sent does not have the digest or the size it was announced with. */
    MISMATCH,
    /** What is on disk no longer has its digest; it was set aside. */
    CORRUPT,
    /** The quota does not allow it. */
    FULL,
    /** Another process has the store open. */
    IN_USE
  }

  private final Kind kind;

  ArtifactException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
