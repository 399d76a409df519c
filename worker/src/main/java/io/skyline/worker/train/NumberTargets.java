package io.skyline.worker.train;

import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Normalization;

/** The numbers that a batch's outputs should be, normalised, and the squared error. */
final class NumberTargets implements BatchLoss {
  private final float[] numbers;
  private final float[] taken;

  /**
   * @param raw of each example
   */
  NumberTargets(float[] raw, Normalization.Target scale, int batch) {
    this.numbers = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      numbers[i] = scale.normalised(raw[i]);
    }
    this.taken = new float[batch];
  }

  @Override
  public void take(TrainingBatch batch) {
    float own = batch.share();
    for (int i = 0; i < taken.length; i++) {
      float partner = numbers[batch.partners()[i]];
      taken[i] = own * numbers[batch.examples()[i]] + (1 - own) * partner;
    }
  }

  @Override
  public double loss(float[] outputs, float[] gradient) {
    return SquaredError.loss(outputs, taken, gradient);
  }
}
