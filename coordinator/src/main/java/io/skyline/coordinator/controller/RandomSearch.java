package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Outcome;
import io.skyline.space.SearchSpace;
import java.util.List;

/**
 * Draws genomes at random without repeating itself: the baseline that every controller must beat.
 */
public final class RandomSearch implements Controller {
  static final ControllerType TYPE =
      new ControllerType(
          "random",
          "draws candidates at random",
          List.of(),
          (settings, space, goals, seed) -> new RandomSearch(space, seed));

  private final Novelty novelty;
  private final long seed;

  /**
   * @param space drawn from decision by decision
   * @param seed of all draws
   */
  public RandomSearch(SearchSpace space, long seed) {
    this.novelty = new Novelty(space);
    this.seed = seed;
  }

  @Override
  public Proposal propose(long step, Pending pending) {
    return new Proposal(novelty.sample(Draws.of(seed, step), pending));
  }

  @Override
  public void observe(Outcome outcome) {
    novelty.saw(outcome.genome());
  }
}
