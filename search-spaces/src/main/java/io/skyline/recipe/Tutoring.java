package io.skyline.recipe;

import java.util.Locale;

/**
 * Trains on with the uncompressed network as teacher (Hinton et al. 2015; Mishra and Marr 2018),
 * and lets every later step do so too.
 *
 * @param epochs passes over the training data at once; 0 only lets later steps learn from the
 *     teacher
 * @param temperature by which logits are divided before the softmax
 * @param alpha share of the soft loss
 */
public record Tutoring(int epochs, double temperature, double alpha) implements Step {
  public Tutoring {
    if (epochs < 0) {
      throw new IllegalArgumentException("epochs cannot be " + epochs);
    }
    TrainingPlan.require(temperature >= 0.1 && temperature <= 100, "temperature", temperature);
    TrainingPlan.require(alpha >= 0 && alpha <= 1, "alpha", alpha);
  }

  @Override
  public StepKind kind() {
    return StepKind.DISTILLATION;
  }

  @Override
  public String text() {
    return String.format(
        Locale.ROOT, "distillation(%d epochs, temperature %s, %s)", epochs, temperature, alpha);
  }
}
