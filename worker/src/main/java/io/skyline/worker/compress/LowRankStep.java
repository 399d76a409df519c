package io.skyline.worker.compress;

import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRankPlan;
import io.skyline.worker.network.Network;

/** Writes kernels as products of low rank and trains their factors on, at a reduced rate. */
record LowRankStep(LowRank lowRank) implements CompressionStep {
  /** Fine-tuning peaks at this share of the training's peak rate, as after channel pruning. */
  private static final double RATE = 0.7;

  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    Network factored = LowRankFactors.of(input.network(), plan(input.network()));
    return bench.tune(input.with(factored), lowRank.fineTuneEpochs(), RATE);
  }

  private LowRankPlan plan(Network network) {
    if (lowRank.rank() instanceof LowRank.Energy energy) {
      return LowRankFactors.byEnergy(network, lowRank.method(), energy.kept());
    }
    double removed = ((LowRank.Share) lowRank.rank()).removed();
    return LowRankPlan.of(network.architecture(), lowRank.method(), removed);
  }
}
