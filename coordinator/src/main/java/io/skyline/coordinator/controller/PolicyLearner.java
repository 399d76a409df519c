package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An {@link LstmPolicy} that is rewarded for genomes that turn out well (REINFORCE, Williams 1992,
 * with a moving baseline and an entropy bonus; Zoph and Le 2017, section 3.2; Pham et al. 2018,
 * section 2.2).
 *
 * <p>The reward is the share of the outcomes remembered that do not dominate this one: 1 on their
 * frontier, whatever the number of objectives; one that breaks a limit is dominated by all that do
 * not, and by those that break it less. Limits and several objectives are so in the reward, as in
 * MnasNet's (Tan et al. 2019, section 3.1), but without weights to choose.
 */
final class PolicyLearner {
  static final List<Setting> SETTINGS =
      List.of(
          Setting.whole("hidden", 32, 1, 1024, "numbers of the LSTM's state"),
          Setting.real("learning_rate", 0.02, 1e-6, 1, "Adam's"),
          Setting.real("entropy", 0.02, 0, 10, "weight of the entropy bonus"),
          Setting.real("baseline", 0.9, 0, 0.9999, "what the moving mean keeps of itself"),
          Setting.real("temperature", 1, 0.01, 100, "divides the policy's outputs"),
          Setting.real("bound", 2.5, 0.1, 100, "of the logits' magnitude"),
          Setting.whole("memory", 64, 2, 10_000, "outcomes to compare with"));

  private final Goals goals;
  private final double entropy;
  private final double keep;
  private final int memory;
  private final LstmPolicy policy;
  private final AdamAscent ascent;
  private final Deque<Individual> remembered = new ArrayDeque<>();
  private double baseline;
  private boolean rewarded;

  /**
   * @param values for {@link #SETTINGS}
   * @param prior of skips
   */
  PolicyLearner(
      ControllerType.Values values, SearchSpace space, Goals goals, long seed, SkipPrior prior) {
    this.goals = goals;
    this.entropy = values.number("entropy");
    this.keep = values.number("baseline");
    this.memory = values.whole("memory");
    var settings =
        new LstmPolicy.Settings(
            values.whole("hidden"), values.number("temperature"), values.number("bound"));
    this.policy = new LstmPolicy(space, settings, prior, Draws.of(seed, 0));
    this.ascent = new AdamAscent(policy.parameters(), values.number("learning_rate"));
  }

  Genome sample(RandomGenerator random) {
    return policy.sample(random);
  }

  void learn(Outcome outcome) {
    if (outcome instanceof Outcome.Stopped) {
      return; // says nothing of the genome
    }
    Optional<Individual> individual = Individual.of(outcome, goals);
    double reward = individual.map(this::reward).orElse(0.0);
    baseline = rewarded ? keep * baseline + (1 - keep) * reward : reward;
    rewarded = true;
    ascent.step(policy.gradient(outcome.genome(), reward - baseline, entropy));
    individual.ifPresent(this::remember);
  }

  private double reward(Individual individual) {
    long better = remembered.stream().filter(other -> other.dominates(individual)).count();
    return 1 - (double) better / Math.max(1, remembered.size());
  }

  private void remember(Individual individual) {
    remembered.addLast(individual);
    if (remembered.size() > memory) {
      remembered.removeFirst();
    }
  }
}
