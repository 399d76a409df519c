package io.skyline.coordinator.rpc;

/** A request that cannot be served, with the reason for the user who made it. */
public final class RejectedRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  public RejectedRequestException(String message) {
    super(message);
  }
}
