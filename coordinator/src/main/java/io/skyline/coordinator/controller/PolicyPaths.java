package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ENAS (Pham et al. 2018): paths are drawn from a policy that learns from their rewards, and so are
 * the candidates in the end. Skips are held near a prior rate (section 2.3).
 */
final class PolicyPaths implements SharingStrategy {
  static final SharingStrategyType TYPE =
      new SharingStrategyType(
          "enas",
          "an LSTM policy learns which paths pay (Pham et al. 2018)",
          settings(),
          PolicyPaths::new);

  private final PolicyLearner learner;
  private final SearchSpace space;
  private final long seed;

  private PolicyPaths(ControllerType.Values values, SearchSpace space, Goals goals, long seed) {
    this.space = space;
    this.seed = seed;
    this.learner =
        new PolicyLearner(
            values,
            space,
            goals,
            seed,
            new SkipPrior(values.number("skip_rate"), values.number("skip_penalty")));
  }

  private static List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(PolicyLearner.SETTINGS);
    // paths come again: at the rate of proposals, which never do, some policies collapse
    settings.replaceAll(
        setting ->
            setting.name().equals("learning_rate")
                ? Setting.real("learning_rate", 0.005, 1e-6, 1, "Adam's")
                : setting);
    settings.add(Setting.real("skip_rate", 0.4, 0.01, 0.99, "share of skips taken, a priori"));
    settings.add(Setting.real("skip_penalty", 0.8, 0, 100, "weight of the distance from it"));
    return settings;
  }

  @Override
  public Genome path(RandomGenerator random) {
    return learner.sample(random);
  }

  @Override
  public void observe(Outcome outcome) {
    learner.learn(outcome);
  }

  @Override
  public Controller derivation() {
    return new Drawn(new Novelty(space), learner, seed);
  }

  /** Proposes what the policy draws, which learns no more. */
  private record Drawn(Novelty novelty, PolicyLearner learner, long seed) implements Controller {
    @Override
    public Proposal propose(long step, Pending pending) {
      return new Proposal(Reinforce.novel(learner, novelty, Draws.of(~seed, step), pending));
    }

    @Override
    public void observe(Outcome outcome) {
      novelty.saw(outcome.genome());
    }
  }
}
