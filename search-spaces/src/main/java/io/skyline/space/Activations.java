package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.List;
import java.util.Optional;

/** The activations of hidden layers and their words. */
final class Activations {
  private static final List<String> WORDS = List.of("relu", "relu6", "h-swish");

  private Activations() {}

  /** Reads the key {@code activation} as the decision of a name. */
  static Setting read(Fields fields, String decision, Choices choices, Optional<When> when) {
    return choices.words(fields, "activation", decision, "relu", WORDS, when);
  }

  static Activation of(Setting setting, Genome genome, SearchSpace space) {
    return new Activation(
        switch (setting.of(genome, space)) {
          case "relu6" -> Function.RELU6;
          case "h-swish" -> Function.HARD_SWISH;
          default -> Function.RELU;
        });
  }
}
