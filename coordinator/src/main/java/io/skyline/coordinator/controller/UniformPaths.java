package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.random.RandomGenerator;

/**
 * Draws every path uniformly decision by decision, and learns nothing of them (single-path uniform
 * sampling, Guo et al. 2020, section 3.2; Li and Talwalkar 2019, section 3.1).
 *
 * @param space drawn from
 * @param derivation who proposes candidates
 */
record UniformPaths(SearchSpace space, Controller derivation) implements SharingStrategy {
  @Override
  public Genome path(RandomGenerator random) {
    return space.sample(random);
  }

  @Override
  public void observe(Outcome outcome) {}
}
