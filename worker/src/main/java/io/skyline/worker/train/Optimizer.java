package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;
import java.util.List;

/** An update rule over one flat vector of weights. */
interface Optimizer {
  /**
   * Updates the weights in place.
   *
   * @param gradients of the loss; may be overwritten
   * @param rate this step's learning rate
   */
  void step(float[] weights, float[] gradients, double rate);

  /** Goes on after so many steps, whose {@link #memory} is put in place. */
  default void resume(long steps) {}

  /** What it remembers: vectors with a number for each weight. */
  List<float[]> memory();

  /**
   * The plan's rule.
   *
   * @param length of the flat vector
   * @param decayed how many weights at its start are under weight decay
   */
  static Optimizer of(TrainingPlan plan, int length, int decayed) {
    double decay = plan.regularization().weightDecay();
    return switch (plan.optimizer()) {
      case ADAM -> Adam.withPenalty(length, decayed, decay);
      case ADAMW -> Adam.withDecoupledDecay(length, decayed, decay);
      case SGD -> new NesterovSgd(length, decayed, decay);
    };
  }

  /** Adds the derivative of the L2 penalty to the first {@code decayed} gradients. */
  static void addDecay(float[] weights, float[] gradients, int decayed, float strength) {
    if (strength != 0) {
      for (int i = 0; i < decayed; i++) {
        gradients[i] += strength * weights[i];
      }
    }
  }
}
