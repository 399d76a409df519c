package io.skyline.coordinator.config;

import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.TrainingPlan;
import java.util.Optional;

/** What an engine cannot do of a plan. */
final class EngineLimits {
  private EngineLimits() {}

  /**
   * Something that stands in a plan's way.
   *
   * @param key of the setting
   * @param reason for a person
   */
  record Refusal(String key, String reason) {}

  /** The first setting of a plan that its engine cannot follow, if any. */
  static Optional<Refusal> of(TrainingEngine engine, TrainingPlan plan) {
    return engine == TrainingEngine.DL4J ? dl4j(plan) : Optional.empty();
  }

  private static Optional<Refusal> dl4j(TrainingPlan plan) {
    if (plan.distillation().isPresent()) {
      return refuse("distillation", "its losses know no temperature");
    }
    if (!(plan.classWeights() instanceof ClassWeights.Equal)) {
      return refuse("class_weights", "its losses weigh outputs, not examples");
    }
    if (plan.regularization().clipNorm() > 0) {
      return refuse("gradient_clip", "it limits the gradient of each layer, not of all together");
    }
    if (plan.regularization().averaging() > 0) {
      return refuse("averaging", "it keeps no average of the weights");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(String key, String reason) {
    return Optional.of(
        new Refusal(key, "the engine 'dl4j' cannot do training." + key + ": " + reason));
  }
}
