package io.skyline.recipe;

import java.util.List;

/** How much the examples of each class count in the loss; their mean over the data is made 1. */
public sealed interface ClassWeights {
  /** All examples count alike. */
  record Equal() implements ClassWeights {}

  /** All classes count alike: an example as much as the inverse of its class's frequency. */
  record Balanced() implements ClassWeights {}

  /**
   * Weights that a user chose.
   *
   * @param weights of the classes in label order, none negative and one at least positive
   */
  record Given(List<Double> weights) implements ClassWeights {
    public Given {
      weights = List.copyOf(weights);
      boolean usable = weights.stream().allMatch(w -> w >= 0 && w <= 1e6);
      boolean some = weights.stream().anyMatch(w -> w > 0);
      TrainingPlan.require(usable && some, "class_weights", weights);
    }
  }
}
