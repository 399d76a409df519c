package io.skyline.architecture;

/** A network that cannot exist: the message says which layer and why. */
public final class InvalidArchitectureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidArchitectureException(String message) {
    super(message);
  }
}
