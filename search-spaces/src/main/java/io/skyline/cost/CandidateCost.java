package io.skyline.cost;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;

/**
 * The exact cost of a candidate before any training: its architecture with the structural steps of
 * its recipe carried out, stored as the recipe says. What a worker scores after training is {@link
 * NetworkCost} of the network it ships, hence the same numbers.
 */
public final class CandidateCost {
  private CandidateCost() {}

  /** Every metric that is exact before training. */
  public static Scorecard of(Candidate candidate) {
    return breakdown(candidate).scorecard();
  }

  /** The same layer by layer. */
  public static NetworkCost breakdown(Candidate candidate) {
    Recipe recipe = candidate.recipe();
    return NetworkCost.of(deployed(candidate.architecture(), recipe), Storage.of(recipe));
  }

  /** The architecture after the structural steps of a recipe. */
  public static Architecture deployed(Architecture trained, Recipe recipe) {
    Architecture architecture = trained;
    for (Step step : recipe.steps()) {
      if (step instanceof ChannelPruning pruning) {
        architecture = ChannelPlan.of(architecture, pruning.ratio()).pruned();
      } else if (!(step instanceof Quantization)) {
        throw new IllegalArgumentException("no cost is known for " + step.text());
      }
    }
    return architecture;
  }
}
