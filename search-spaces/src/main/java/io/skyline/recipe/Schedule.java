package io.skyline.recipe;

import java.util.List;
import java.util.Locale;

/**
 * How the learning rate goes over a training.
 *
 * @param shape of its course
 * @param peak the largest rate
 * @param warmupEpochs over which the rate rises linearly from zero; may be fractional. A one-cycle
 *     has its own rise and ignores it
 * @param drops of a {@link Shape#STEP} schedule: the shares of the training, rising, at which the
 *     rate falls
 * @param dropFactor what each drop multiplies the rate with
 */
public record Schedule(
    Shape shape, double peak, double warmupEpochs, List<Double> drops, double dropFactor) {
  /** A tenth after half and again after three quarters of the training (He et al. 2016). */
  public static final List<Double> USUAL_DROPS = List.of(0.5, 0.75);

  /** What a drop multiplies the rate with, unless a config says otherwise. */
  public static final double USUAL_FACTOR = 0.1;

  public Schedule {
    drops = List.copyOf(drops);
    TrainingPlan.require(peak > 0 && peak <= 100, "learning_rate", peak);
    TrainingPlan.require(warmupEpochs >= 0, "warmup_epochs", warmupEpochs);
    TrainingPlan.require(dropFactor > 0 && dropFactor <= 1, "drop_factor", dropFactor);
    double last = 0;
    for (double drop : drops) {
      TrainingPlan.require(drop > last && drop < 1, "drops", drops);
      last = drop;
    }
  }

  /** A course with the usual drops. */
  public Schedule(Shape shape, double peak, double warmupEpochs) {
    this(shape, peak, warmupEpochs, USUAL_DROPS, USUAL_FACTOR);
  }

  /** This course at another height. */
  public Schedule withPeak(double other) {
    return new Schedule(shape, other, warmupEpochs, drops, dropFactor);
  }

  /** The course of the rate. */
  public enum Shape {
    /** Half a cosine down to zero (Loshchilov and Hutter 2017, without restarts). */
    COSINE,
    /** Up from a twenty-fifth of the peak and far below it again (Smith and Topin 2018). */
    ONE_CYCLE,
    /** Constant between drops. */
    STEP;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The shape of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Shape of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
