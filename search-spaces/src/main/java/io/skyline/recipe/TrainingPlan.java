package io.skyline.recipe;

import java.util.Locale;
import java.util.Optional;

/**
 * How a candidate is trained.
 *
 * @param epochs passes over the training split
 * @param batch examples a step
 * @param optimizer the update rule
 * @param schedule of the learning rate
 * @param regularization decay, smoothing, clipping, averaging
 * @param augmentation random changes of the training images
 * @param classWeights how much the examples of each class count
 * @param earlyStopping when to stop before the last epoch, if ever
 * @param distillation whom to learn from besides the labels, if anyone
 */
public record TrainingPlan(
    int epochs,
    int batch,
    Optimizer optimizer,
    Schedule schedule,
    Regularization regularization,
    Augmentation augmentation,
    ClassWeights classWeights,
    Optional<EarlyStopping> earlyStopping,
    Optional<Distillation> distillation) {
  public TrainingPlan {
    require(epochs >= 0, "epochs", epochs);
    require(batch >= 1 && batch <= 4096, "batch", batch);
  }

  /** A plan over labelled examples that count alike, to the last epoch. */
  public TrainingPlan(
      int epochs,
      int batch,
      Optimizer optimizer,
      Schedule schedule,
      Regularization regularization,
      Augmentation augmentation) {
    this(
        epochs,
        batch,
        optimizer,
        schedule,
        regularization,
        augmentation,
        new ClassWeights.Equal(),
        Optional.empty(),
        Optional.empty());
  }

  /** Such a plan whose rate falls along a cosine. */
  public TrainingPlan(
      int epochs,
      int batch,
      Optimizer optimizer,
      double learningRate,
      double warmupEpochs,
      double weightDecay,
      double labelSmoothing,
      Augmentation augmentation) {
    this(
        epochs,
        batch,
        optimizer,
        new Schedule(Schedule.Shape.COSINE, learningRate, warmupEpochs),
        new Regularization(weightDecay, labelSmoothing),
        augmentation);
  }

  static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " cannot be " + value);
    }
  }

  /** Adam at 0.01, batch 64, a tenth of an epoch of warm-up, flips and shifts of 1 pixel. */
  public static TrainingPlan standard(int epochs) {
    return new TrainingPlan(
        epochs, 64, Optimizer.ADAM, 1e-2, 0.1, 1e-4, 0.0, new Augmentation(true, 1));
  }

  private TrainingPlan with(
      int otherEpochs,
      Schedule otherSchedule,
      ClassWeights otherWeights,
      Optional<EarlyStopping> otherStopping,
      Optional<Distillation> otherDistillation) {
    return new TrainingPlan(
        otherEpochs,
        batch,
        optimizer,
        otherSchedule,
        regularization,
        augmentation,
        otherWeights,
        otherStopping,
        otherDistillation);
  }

  /** This plan over another number of epochs. */
  public TrainingPlan withEpochs(int other) {
    return with(other, schedule, classWeights, earlyStopping, distillation);
  }

  /** This plan with other batches. */
  public TrainingPlan withBatch(int other) {
    return new TrainingPlan(
        epochs,
        other,
        optimizer,
        schedule,
        regularization,
        augmentation,
        classWeights,
        earlyStopping,
        distillation);
  }

  /** This plan with another course of the learning rate. */
  public TrainingPlan with(Schedule other) {
    return with(epochs, other, classWeights, earlyStopping, distillation);
  }

  /** This plan with another peak learning rate. */
  public TrainingPlan withLearningRate(double other) {
    return with(schedule.withPeak(other));
  }

  /** This plan with classes weighed in another way. */
  public TrainingPlan with(ClassWeights other) {
    return with(epochs, schedule, other, earlyStopping, distillation);
  }

  /** This plan with an end that may come early. */
  public TrainingPlan with(EarlyStopping other) {
    return with(epochs, schedule, classWeights, Optional.of(other), distillation);
  }

  /** This plan with teachers. */
  public TrainingPlan with(Distillation other) {
    return with(epochs, schedule, classWeights, earlyStopping, Optional.of(other));
  }

  /** This plan with labels alone. */
  public TrainingPlan withoutTeachers() {
    return with(epochs, schedule, classWeights, earlyStopping, Optional.empty());
  }

  /** The update rule. */
  public enum Optimizer {
    /** Stochastic gradient descent with Nesterov momentum 0.9. */
    SGD,
    /** Adam (Kingma and Ba 2015) with beta 0.9, 0.999 and epsilon 1e-8. */
    ADAM,
    /** Adam whose weight decay is decoupled from the gradient (Loshchilov and Hutter 2019). */
    ADAMW;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The optimizer of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Optimizer of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * Random changes of training images and signals, drawn anew each epoch from the trial's seed, in
   * this order.
   *
   * @param flip mirror left and right with probability one half; signals are left as they are
   * @param shift move by up to this many pixels along each axis, zeros coming in; of signals along
   *     time
   * @param rotation turn about the centre by up to this many degrees either way, bilinearly, zeros
   *     coming in
   * @param cutout side in pixels of a square around a random pixel, as far as it lies in the image,
   *     that becomes the mean of the training data (DeVries and Taylor 2017); 0 for none
   * @param mixup alpha of the Beta(alpha, alpha) distribution from which each batch draws the share
   *     that its images and targets take of themselves, the rest coming from the next example of
   *     the batch (Zhang et al. 2018); 0 for none
   */
  public record Augmentation(boolean flip, int shift, double rotation, int cutout, double mixup) {
    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(false, 0);

    public Augmentation {
      require(shift >= 0 && shift <= 16, "shift", shift);
      require(rotation >= 0 && rotation <= 45, "rotation", rotation);
      require(cutout >= 0 && cutout <= 256, "cutout", cutout);
      require(mixup >= 0 && mixup <= 4, "mixup", mixup);
    }

    /** Flips and shifts alone. */
    public Augmentation(boolean flip, int shift) {
      this(flip, shift, 0, 0, 0);
    }
  }
}
