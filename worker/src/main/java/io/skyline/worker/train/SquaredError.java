package io.skyline.worker.train;

/** The mean squared error of predicted numbers, in double precision. */
final class SquaredError {
  private SquaredError() {}

  /**
   * The mean loss of a batch.
   *
   * @param outputs one of each example
   * @param targets what they should be
   * @param gradient filled with the derivative of the mean loss by each output
   */
  static double loss(float[] outputs, float[] targets, float[] gradient) {
    double total = 0;
    for (int i = 0; i < targets.length; i++) {
      double error = (double) outputs[i] - targets[i];
      total += error * error;
      gradient[i] = (float) (2 * error / targets.length);
    }
    return total / targets.length;
  }
}
