package io.skyline.worker.train;

import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Weights;

/** A network in training, one step at a time. */
public interface Learner {
  /**
   * Takes one step.
   *
   * @return the batch's mean loss before the update
   * @throws DivergedException if the loss is not finite
   */
  double step(TrainingBatch batch);

  /**
   * Looks at every weight.
   *
   * @throws DivergedException if one is not finite
   */
  void requireFinite();

  /** Whether what it would give now is of the form that ships: all condensing is done. */
  default boolean isCondensed() {
    return true;
  }

  /** What the training would give if it ended now, running statistics included. */
  Weights weights();
}
