package io.skyline.coordinator.config;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.recipe.TrainingPlan;
import java.util.Optional;

/** What cannot pause at the rungs of {@link io.skyline.coordinator.search.Halving}. */
final class HalvingLimits {
  private HalvingLimits() {}

  /** Why a training cannot, if so. */
  static Optional<String> of(TrainingEngine engine, TrainingPlan plan) {
    if (engine != TrainingEngine.ONEDNN) {
      return Optional.of("'halving' pauses trainings, which the engine 'dl4j' cannot go on with");
    }
    return plan.earlyStopping().isPresent()
        ? Optional.of(
            "'halving' stops trainings by comparing them, 'early_stopping' each by itself")
        : Optional.empty();
  }

  /** Why a network cannot, if so. */
  static Optional<String> of(Architecture network) {
    return network.nodes().stream()
            .map(Node::layer)
            .anyMatch(LearnedGroupConvolution.class::isInstance)
        ? Optional.of("'halving' would score networks whose groups are not learned yet")
        : Optional.empty();
  }
}
