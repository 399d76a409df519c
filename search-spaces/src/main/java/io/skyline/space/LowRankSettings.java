package io.skyline.space;

import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.Step;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.Optional;

/**
 * Low-rank decomposition, its ranks by a share of weights, of which 0 goes without, or by a share
 * of energy, of which 1 does.
 *
 * @param byEnergy whether ranks follow from energy
 */
record LowRankSettings(boolean byEnergy, Setting share, Setting method, Setting fineTuneEpochs)
    implements StepSettings {
  static LowRankSettings read(
      Fields fields, String prefix, Choices choices, Optional<When> when, Problems problems) {
    Optional<Value> energy = fields.take("energy");
    if (energy.isPresent() && fields.has("share")) {
      problems.add(
          energy.get().place(),
          "'energy' and 'share' both say of which rank kernels are",
          "Remove one of them.");
    }
    if (energy.isEmpty()) {
      choices.need(fields, "share", "share: [0, 0.3, 0.5]");
    }
    boolean byEnergy = energy.isPresent();
    Setting share =
        byEnergy
            ? choices.numbers(
                fields, energy, "energy", prefix + "energy", "1", Range.of(0.01, 1), when)
            : choices.numbers(fields, "share", prefix + "share", "0", Range.of(0, 0.99), when);
    Optional<When> factored = share.unless(byEnergy ? "1" : "0", when);
    return new LowRankSettings(
        byEnergy,
        share,
        choices.words(
            fields, "method", prefix + "method", Method.SPATIAL.word(), Method.words(), factored),
        choices.fineTuneEpochs(fields, prefix, factored));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    double number = share.number(genome, space);
    return number == (byEnergy ? 1 : 0)
        ? Optional.empty()
        : Optional.of(
            new LowRank(
                Method.of(method.of(genome, space)),
                byEnergy ? new LowRank.Energy(number) : new LowRank.Share(number),
                fineTuneEpochs.integer(genome, space)));
  }
}
