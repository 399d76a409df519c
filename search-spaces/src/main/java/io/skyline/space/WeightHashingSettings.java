package io.skyline.space;

import io.skyline.recipe.Step;
import io.skyline.recipe.WeightHashing;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.Optional;

/** Weight hashing; a share of 0 goes without. */
record WeightHashingSettings(Setting share, Setting fineTuneEpochs) implements StepSettings {
  static WeightHashingSettings read(
      Fields fields, String prefix, Choices choices, Optional<When> when) {
    choices.need(fields, "share", "share: [0, 0.75, 0.9]");
    Setting share =
        choices.numbers(fields, "share", prefix + "share", "0", Range.of(0, 0.99), when);
    return new WeightHashingSettings(
        share, choices.fineTuneEpochs(fields, prefix, share.unless("0", when)));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    double saved = WeightHashing.rounded(share.number(genome, space));
    return saved == 0
        ? Optional.empty()
        : Optional.of(new WeightHashing(saved, fineTuneEpochs.integer(genome, space)));
  }
}
