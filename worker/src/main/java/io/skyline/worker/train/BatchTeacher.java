package io.skyline.worker.train;

/** A trained network that is asked about batches while a student learns from them. */
public interface BatchTeacher {
  /**
   * What it says of a batch.
   *
   * @param values raw, batch x channels x height x width; not kept
   * @param count examples in it
   * @return probabilities, batch x classes, row-major
   */
  float[] probabilities(float[] values, int count);
}
