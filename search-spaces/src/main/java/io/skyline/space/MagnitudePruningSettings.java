package io.skyline.space;

import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Step;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.Optional;
import java.util.stream.Stream;

/** Magnitude pruning; a share of 0 goes without. */
record MagnitudePruningSettings(
    Setting share, Setting scope, Setting rounds, Setting fineTuneEpochs, Setting rewinding)
    implements StepSettings {
  static MagnitudePruningSettings read(
      Fields fields, String prefix, Choices choices, Optional<When> when) {
    choices.need(fields, "share", "share: [0.8, 0.9]");
    Setting share =
        choices.numbers(fields, "share", prefix + "share", "0", Range.of(0, 0.999), when);
    Optional<When> pruned = share.unless("0", when);
    return new MagnitudePruningSettings(
        share,
        choices.words(
            fields,
            "scope",
            prefix + "scope",
            Scope.GLOBAL.word(),
            Stream.of(Scope.values()).map(Scope::word).toList(),
            pruned),
        choices.numbers(fields, "rounds", prefix + "rounds", "1", Range.whole(1, 100), pruned),
        choices.fineTuneEpochs(fields, prefix, pruned),
        choices.words(
            fields,
            "rewinding",
            prefix + "rewinding",
            Rewinding.NONE.word(),
            Stream.of(Rewinding.values()).map(Rewinding::word).toList(),
            pruned));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    double zeros = share.number(genome, space);
    return zeros == 0
        ? Optional.empty()
        : Optional.of(
            new MagnitudePruning(
                zeros,
                Scope.of(scope.of(genome, space)),
                rounds.integer(genome, space),
                fineTuneEpochs.integer(genome, space),
                Rewinding.of(rewinding.of(genome, space))));
  }
}
