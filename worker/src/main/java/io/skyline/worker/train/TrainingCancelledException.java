package io.skyline.worker.train;

/** The training was asked to stop before its last batch. */
public final class TrainingCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingCancelledException(String message) {
    super(message);
  }
}
