package io.skyline.coordinator.wire;

/** A message whose fields make no sense, with the field and its value. */
public final class UnreadableMessageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UnreadableMessageException(String message) {
    super(message);
  }
}
