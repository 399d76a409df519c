package io.skyline.cost;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.Recipe;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import java.util.Optional;

/**
 * The exact cost of a candidate before any training: its architecture with the structural steps of
 * its recipe carried out, stored as the recipe says. What a worker scores after training is {@link
 * NetworkCost} of the network it ships, hence the same numbers. Where trained weights decide what
 * is left, it is what they leave at most.
 */
public final class CandidateCost {
  private CandidateCost() {}

  /** Every metric that is exact before training. */
  public static Scorecard of(Candidate candidate) {
    return breakdown(candidate).scorecard();
  }

  /** The same, with the latency that is foretold for a device, if one is known. */
  public static Scorecard of(Candidate candidate, Optional<LatencyPredictor> device) {
    Scorecard exact = of(candidate);
    return device
        .map(predictor -> exact.with(Metric.PREDICTED_LATENCY, predictor.of(candidate)))
        .orElse(exact);
  }

  /** The same layer by layer. */
  public static NetworkCost breakdown(Candidate candidate) {
    Recipe recipe = candidate.recipe();
    Architecture whole = recipe.deployed(candidate.architecture());
    Architecture split = recipe.deployed(candidate.architecture(), layer -> true);
    NetworkCost cost = cost(whole, recipe);
    return split.equals(whole) ? cost : cost.atMost(cost(split, recipe));
  }

  private static NetworkCost cost(Architecture deployed, Recipe recipe) {
    return NetworkCost.of(deployed, StoragePlan.of(deployed, recipe));
  }
}
