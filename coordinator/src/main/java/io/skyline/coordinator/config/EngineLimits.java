package io.skyline.coordinator.config;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.TrainingPlan;
import java.util.Optional;

/** What an engine cannot do of a plan, or train of a network. */
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

  /** The first setting of a space that made a layer which its engine cannot train, if any. */
  static Optional<Refusal> of(TrainingEngine engine, Architecture network) {
    return engine == TrainingEngine.DL4J
        ? network.nodes().stream().map(Node::layer).flatMap(l -> dl4j(l).stream()).findFirst()
        : Optional.empty();
  }

  private static Optional<Refusal> dl4j(Layer layer) {
    if (layer instanceof LearnedGroupConvolution) {
      return untrained("condensation", "it has no convolution whose groups are learned");
    } else if (layer instanceof DropPath path && path.rate() > 0) {
      return untrained("drop_path", "it has no stochastic depth");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> untrained(String key, String reason) {
    return Optional.of(new Refusal(key, "the engine 'dl4j' cannot train '" + key + "': " + reason));
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
