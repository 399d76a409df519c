package io.skyline.recipe;

import java.util.Locale;

/**
 * How a candidate is trained.
 *
 * @param epochs passes over the training split
 * @param batch examples a step
 * @param optimizer the update rule
 * @param learningRate peak rate; cosine decay to zero (Loshchilov and Hutter 2017) after the
 *     warm-up
 * @param warmupEpochs epochs over which the rate rises linearly from zero; may be fractional
 * @param weightDecay L2 strength on kernels; never on biases or normalizations
 * @param labelSmoothing share of the target spread over all classes, in [0, 1)
 * @param augmentation random changes of the training images
 */
public record TrainingPlan(
    int epochs,
    int batch,
    Optimizer optimizer,
    double learningRate,
    double warmupEpochs,
    double weightDecay,
    double labelSmoothing,
    Augmentation augmentation) {
  public TrainingPlan {
    require(epochs >= 0, "epochs", epochs);
    require(batch >= 1 && batch <= 4096, "batch", batch);
    require(learningRate > 0 && learningRate <= 100, "learning_rate", learningRate);
    require(warmupEpochs >= 0, "warmup_epochs", warmupEpochs);
    require(weightDecay >= 0 && weightDecay < 1, "weight_decay", weightDecay);
    require(labelSmoothing >= 0 && labelSmoothing < 1, "label_smoothing", labelSmoothing);
  }

  private static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " cannot be " + value);
    }
  }

  /** Adam at 0.003, batch 64, a tenth of an epoch of warm-up, flips and shifts of 2 pixels. */
  public static TrainingPlan standard(int epochs) {
    return new TrainingPlan(
        epochs, 64, Optimizer.ADAM, 3e-3, 0.1, 1e-4, 0.0, new Augmentation(true, 2));
  }

  /** This plan over another number of epochs. */
  public TrainingPlan withEpochs(int other) {
    return new TrainingPlan(
        other,
        batch,
        optimizer,
        learningRate,
        warmupEpochs,
        weightDecay,
        labelSmoothing,
        augmentation);
  }

  /** This plan with another peak learning rate. */
  public TrainingPlan withLearningRate(double other) {
    return new TrainingPlan(
        epochs, batch, optimizer, other, warmupEpochs, weightDecay, labelSmoothing, augmentation);
  }

  /** The update rule. */
  public enum Optimizer {
    /** Stochastic gradient descent with Nesterov momentum 0.9. */
    SGD,
    /** Adam (Kingma and Ba 2015) with beta 0.9, 0.999 and epsilon 1e-8. */
    ADAM;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Random changes of training images, drawn anew each epoch from the trial's seed.
   *
   * @param flip mirror left and right with probability one half
   * @param shift move by up to this many pixels along each axis, zeros coming in
   */
  public record Augmentation(boolean flip, int shift) {
    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(false, 0);

    public Augmentation {
      require(shift >= 0 && shift <= 16, "shift", shift);
    }
  }
}
