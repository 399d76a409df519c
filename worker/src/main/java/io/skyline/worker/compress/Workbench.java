package io.skyline.worker.compress;

import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;

/**
 * What the steps of a recipe may use.
 *
 * @param engine fine-tunes
 * @param plan by which the network was trained
 * @param training fine-tunes with these, by the same teachers if there are any
 * @param calibration a slice of the training examples on which ranges and accuracies are taken
 * @param seed of all randomness
 * @param progress of fine-tuning
 */
public record Workbench(
    Engine engine,
    TrainingPlan plan,
    TrainingSet training,
    Examples calibration,
    long seed,
    TrainingProgress progress) {
  private static final int CALIBRATION_EXAMPLES = 128;

  /** A workbench that calibrates on 128 examples spread evenly over the training data. */
  public static Workbench of(
      Engine engine,
      TrainingPlan plan,
      TrainingSet training,
      long seed,
      TrainingProgress progress) {
    Examples calibration = training.withLabels().spread(CALIBRATION_EXAMPLES);
    return new Workbench(engine, plan, training, calibration, seed, progress);
  }
}
