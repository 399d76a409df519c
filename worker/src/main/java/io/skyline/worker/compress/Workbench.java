package io.skyline.worker.compress;

import io.skyline.recipe.Distillation;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.Tutoring;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import io.skyline.worker.train.WeightRule;
import java.util.List;

/**
 * What the steps of a recipe may use.
 *
 * @param engine fine-tunes
 * @param plan by which the network was trained
 * @param training fine-tunes with these, by the same teachers if there are any
 * @param calibration a slice of the training examples on which ranges and accuracies are taken
 * @param start what the training began with
 * @param seed of all randomness
 * @param progress of fine-tuning
 */
public record Workbench(
    Engine engine,
    TrainingPlan plan,
    TrainingSet training,
    Examples calibration,
    Network start,
    long seed,
    TrainingProgress progress) {
  private static final int CALIBRATION_EXAMPLES = 128;

  /** A workbench that calibrates on 128 examples spread evenly over the training data. */
  public static Workbench of(
      Engine engine,
      TrainingPlan plan,
      TrainingSet training,
      Network start,
      long seed,
      TrainingProgress progress) {
    Examples calibration = training.withLabels().spread(CALIBRATION_EXAMPLES);
    return new Workbench(engine, plan, training, calibration, start, seed, progress);
  }

  /**
   * Trains a compressed network on, within what it holds.
   *
   * @param rate share of the training's peak rate
   */
  Encoded tune(Encoded encoded, int epochs, double rate) {
    return encoded.with(train(encoded.network(), encoded.hold(), epochs, rate));
  }

  /** The same under another rule. */
  Network train(Network network, WeightRule rule, int epochs, double rate) {
    TrainingPlan tuning = plan.withEpochs(epochs).withLearningRate(plan.schedule().peak() * rate);
    return engine.train(network, tuning, training, rule, seed, progress);
  }

  /** The same where all that is trained learns from a network too, asked once. */
  Workbench taughtBy(Network teacher, Tutoring tutoring) {
    Distillation distillation =
        new Distillation(tutoring.temperature(), tutoring.alpha(), List.of());
    Examples examples = training.withLabels();
    float[] said = engine.predict(teacher, examples);
    TrainingSet taught = new TrainingSet(examples, examples.count(), List.of(said));
    return new Workbench(
        engine, plan.with(distillation), taught, calibration, start, seed, progress);
  }
}
