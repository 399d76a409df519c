package io.skyline.space;

import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.Step;
import io.skyline.space.Choices.Range;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.Optional;

/** Low-rank decomposition; a share of 0 goes without. */
record LowRankSettings(Setting share, Setting method, Setting fineTuneEpochs)
    implements StepSettings {
  static LowRankSettings read(Fields fields, String prefix, Choices choices, Optional<When> when) {
    choices.need(fields, "share", "share: [0, 0.3, 0.5]");
    Setting share =
        choices.numbers(fields, "share", prefix + "share", "0", Range.of(0, 0.99), when);
    Optional<When> factored = share.unless("0", when);
    return new LowRankSettings(
        share,
        choices.words(
            fields, "method", prefix + "method", Method.SPATIAL.word(), Method.words(), factored),
        choices.fineTuneEpochs(fields, prefix, factored));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    double removed = share.number(genome, space);
    return removed == 0
        ? Optional.empty()
        : Optional.of(
            new LowRank(
                Method.of(method.of(genome, space)),
                removed,
                fineTuneEpochs.integer(genome, space)));
  }
}
