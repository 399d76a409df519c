package io.skyline.worker.train;

import io.skyline.worker.data.TrainingBatch;
import java.util.Arrays;
import java.util.function.ToDoubleBiFunction;

/**
 * The loss of a network with exits: that of its last output plus {@link #WEIGHT} times that of each
 * exit, all against the same targets (Teerapittayanon et al. 2016, "BranchyNet", section III).
 */
public final class JointLoss implements BatchLoss {
  /**
   * Of an exit's loss; the last output's counts once. GoogLeNet weighs its classifiers at
   * intermediate layers so (Szegedy et al. 2015, section 5). On fashion-mini 1 in its place changed
   * no output's accuracy by more than 0.4 points.
   */
  public static final double WEIGHT = 0.3;

  private final BatchLoss each;
  private final int length;

  /**
   * @param each the loss of one output
   * @param length batch x classes
   */
  JointLoss(BatchLoss each, int length) {
    this.each = each;
    this.length = length;
  }

  @Override
  public void take(TrainingBatch batch) {
    each.take(batch);
  }

  /** Of outputs x batch x classes, where the exits come before the last output. */
  @Override
  public double loss(float[] logits, float[] gradient) {
    return sum(logits, length, gradient, each::loss);
  }

  /** The same of cross-entropies against targets, batch x classes. */
  static double add(float[] logits, float[] targets, int classes, float[] gradient) {
    return sum(
        logits,
        targets.length,
        gradient,
        (output, slope) -> {
          Arrays.fill(slope, 0f);
          return SoftmaxCrossEntropy.add(output, targets, classes, 1, 1, slope);
        });
  }

  private static double sum(
      float[] logits, int length, float[] gradient, ToDoubleBiFunction<float[], float[]> each) {
    float[] slope = new float[length];
    double loss = 0;
    for (int from = 0; from < logits.length; from += length) {
      double weight = from + length < logits.length ? WEIGHT : 1;
      float[] output = Arrays.copyOfRange(logits, from, from + length);
      loss += weight * each.applyAsDouble(output, slope);
      for (int i = 0; i < length; i++) {
        gradient[from + i] = (float) (weight * slope[i]);
      }
    }
    return loss;
  }
}
