package io.skyline.recipe;

/**
 * Ends a training that gets no better, judged on a slice of the training data which it does not
 * train on, and goes back to the best weights.
 *
 * @param share of the training examples in the slice
 * @param patience how many epochs in a row without an improvement end the training
 */
public record EarlyStopping(double share, int patience) {
  public EarlyStopping {
    TrainingPlan.require(share > 0 && share <= 0.5, "share", share);
    TrainingPlan.require(patience >= 1 && patience <= 10_000, "patience", patience);
  }
}
