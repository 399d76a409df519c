package io.skyline.space;

import io.skyline.recipe.Distillation;
import io.skyline.recipe.Step;
import io.skyline.recipe.Tutoring;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.Optional;

/** Distillation from the uncompressed network; an alpha of 0 goes without. */
record TutoringSettings(Setting alpha, Setting temperature, Setting epochs)
    implements StepSettings {
  static TutoringSettings read(Fields fields, String prefix, Choices choices, Optional<When> when) {
    Setting alpha =
        choices.numbers(
            fields,
            "alpha",
            prefix + "alpha",
            Double.toString(Distillation.USUAL_ALPHA),
            Range.of(0, 1),
            when);
    Optional<When> taught = alpha.unless("0", when);
    return new TutoringSettings(
        alpha,
        choices.numbers(
            fields,
            "temperature",
            prefix + "temperature",
            Double.toString(Distillation.USUAL_TEMPERATURE),
            Range.of(0.1, 100),
            taught),
        choices.numbers(fields, "epochs", prefix + "epochs", "0", Range.whole(0, 1000), taught));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    double soft = alpha.number(genome, space);
    return soft == 0
        ? Optional.empty()
        : Optional.of(
            new Tutoring(epochs.integer(genome, space), temperature.number(genome, space), soft));
  }
}
