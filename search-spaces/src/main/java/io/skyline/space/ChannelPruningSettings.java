package io.skyline.space;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.ChannelPruning.Criterion;
import io.skyline.recipe.Step;
import io.skyline.space.Choices.Range;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.Optional;

/** Channel pruning; a ratio of 0 goes without. */
record ChannelPruningSettings(Setting ratio, Setting criterion, Setting fineTuneEpochs)
    implements StepSettings {
  /**
   * @param key of the ratio
   */
  static ChannelPruningSettings read(
      Fields fields, String key, String prefix, Choices choices, Optional<When> when) {
    Setting ratio = choices.numbers(fields, key, prefix + key, "0", Range.of(0, 0.9), when);
    Optional<When> pruned = ratio.unless("0", when);
    return new ChannelPruningSettings(
        ratio,
        choices.words(
            fields,
            "criterion",
            prefix + "criterion",
            Criterion.L1.word(),
            Criterion.words(),
            pruned),
        choices.fineTuneEpochs(fields, prefix, pruned));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    double removed = ratio.number(genome, space);
    return removed == 0
        ? Optional.empty()
        : Optional.of(
            new ChannelPruning(
                removed,
                Criterion.of(criterion.of(genome, space)),
                fineTuneEpochs.integer(genome, space)));
  }
}
