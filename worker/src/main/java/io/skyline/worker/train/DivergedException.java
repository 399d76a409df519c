package io.skyline.worker.train;

/** The loss or a weight is no longer finite; the trial ends as DIVERGED. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DivergedException(String message) {
    super(message);
  }
}
