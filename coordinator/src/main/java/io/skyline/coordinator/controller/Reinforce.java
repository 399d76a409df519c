package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.random.RandomGenerator;

/** Policy gradient: proposes what a {@link PolicyLearner} draws, and nothing twice. */
public final class Reinforce implements Controller {
  static final ControllerType TYPE =
      new ControllerType(
          "reinforce",
          "an LSTM policy under REINFORCE (Zoph and Le 2017)",
          PolicyLearner.SETTINGS,
          Reinforce::new);

  private static final int TRIES = 20;

  private final long seed;
  private final Novelty novelty;
  private final PolicyLearner learner;

  private Reinforce(ControllerType.Values values, SearchSpace space, Goals goals, long seed) {
    this.seed = seed;
    this.novelty = new Novelty(space);
    this.learner = new PolicyLearner(values, space, goals, seed, SkipPrior.NONE);
  }

  @Override
  public Proposal propose(long step, Pending pending) {
    return new Proposal(novel(learner, novelty, Draws.of(seed, step), pending));
  }

  /** A genome drawn from a policy, mutated if it is known. */
  static Genome novel(
      PolicyLearner learner, Novelty novelty, RandomGenerator random, Pending pending) {
    Genome drawn = learner.sample(random);
    for (int i = 1; i < TRIES && novelty.isKnown(drawn, pending); i++) {
      drawn = learner.sample(random);
    }
    return novelty.mutated(drawn, random, pending);
  }

  @Override
  public void observe(Outcome outcome) {
    novelty.saw(outcome.genome());
    learner.learn(outcome);
  }
}
