package io.skyline.worker.score;

import io.skyline.worker.train.DivergedException;

/**
 * How far predicted numbers are from true ones.
 *
 * @param meanAbsolute mean of the absolute errors
 * @param explained R2: 1 - sum of squared errors / sum of squared deviations from the mean; where
 *     all true numbers are equal, 1 for perfect predictions and else 0
 */
record PredictionError(double meanAbsolute, double explained) {
  /**
   * Compares.
   *
   * @throws DivergedException if a prediction is not a number
   */
  static PredictionError of(float[] predictions, float[] targets) {
    double mean = 0;
    for (float target : targets) {
      mean += target;
    }
    mean /= targets.length;
    double absolute = 0;
    double squares = 0;
    double spread = 0;
    for (int i = 0; i < targets.length; i++) {
      if (!Float.isFinite(predictions[i])) {
        throw new DivergedException("the model predicts " + predictions[i]);
      }
      double error = (double) predictions[i] - targets[i];
      absolute += Math.abs(error);
      squares += error * error;
      spread += (targets[i] - mean) * (targets[i] - mean);
    }
    double explained = spread > 0 ? 1 - squares / spread : squares == 0 ? 1 : 0;
    return new PredictionError(absolute / targets.length, explained);
  }
}
