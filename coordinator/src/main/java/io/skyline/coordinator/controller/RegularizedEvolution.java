package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Aging evolution: the best of a random sample of the population has a child by one mutation, and
 * the oldest dies (Real et al., "Regularized evolution for image classifier architecture search",
 * 2019, algorithm 1).
 *
 * <p>The population is that of the last scored trials. Best means: feasible before infeasible, the
 * smaller violation among infeasible ones, and else the better objective; with several objectives
 * the better Pareto front within the population, and the less crowded place in it.
 */
public final class RegularizedEvolution implements Controller {
  static final ControllerType TYPE =
      new ControllerType(
          "evolution",
          "aging evolution (Real et al. 2019)",
          List.of(
              Setting.whole("population", 20, 2, 10_000, "how many scored trials are alive"),
              Setting.whole("sample", 5, 1, 10_000, "how many compete to be the parent")),
          (values, space, goals, seed) ->
              new RegularizedEvolution(
                  space,
                  goals,
                  new Settings(values.whole("population"), values.whole("sample")),
                  seed));

  private final SearchSpace space;
  private final Settings settings;
  private final long seed;
  private final Novelty novelty;
  private final Experience experience;
  private final Deque<Individual> population = new ArrayDeque<>();

  /**
   * @param space of the genomes
   * @param goals by which parents are chosen
   * @param settings sizes
   * @param seed of all draws
   */
  public RegularizedEvolution(SearchSpace space, Goals goals, Settings settings, long seed) {
    this.space = space;
    this.settings = settings;
    this.seed = seed;
    this.novelty = new Novelty(space);
    this.experience = new Experience(goals, settings.population());
  }

  /**
   * Sizes.
   *
   * @param population how many scored trials are alive
   * @param sample how many of them compete to be the parent
   */
  public record Settings(int population, int sample) {
    public Settings {
      if (population < 2 || sample < 1 || sample > population) {
        throw new IllegalArgumentException(
            "a sample of %d does not fit a population of %d".formatted(sample, population));
      }
    }
  }

  @Override
  public Proposal propose(long step, Pending pending) {
    RandomGenerator random = Draws.of(seed, step);
    List<Individual> alive = experience.parents(List.copyOf(population));
    if (alive.isEmpty() || experience.warmingUp(settings.population(), step, pending)) {
      return new Proposal(novelty.sample(random, pending));
    }
    Genome parent = new Ranking(alive).tournament(settings.sample() - 1, random).genome();
    Genome child = novelty.isSingle() ? parent : space.mutate(parent, random);
    return new Proposal(novelty.mutated(child, random, pending));
  }

  @Override
  public void observe(Outcome outcome) {
    novelty.saw(outcome.genome());
    experience.learn(outcome).ifPresent(population::addLast);
    if (population.size() > settings.population()) {
      population.removeFirst();
    }
  }

  /** Who lives keeps his age. */
  @Override
  public void revise(Outcome outcome) {
    List<Individual> revised = new ArrayList<>();
    for (Individual individual : population) {
      if (individual.genome().equals(outcome.genome())) {
        experience.relearn(outcome).ifPresent(revised::add);
      } else {
        revised.add(individual);
      }
    }
    population.clear();
    population.addAll(revised);
  }
}
