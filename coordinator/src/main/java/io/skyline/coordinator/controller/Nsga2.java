package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * NSGA-II (Deb et al. 2002) in its steady state: parents win binary tournaments by front and
 * crowding under constrained domination, a child comes by crossover and mutation, and whenever an
 * outcome is learned the worst of the population leaves.
 */
public final class Nsga2 implements Controller {
  static final ControllerType TYPE =
      new ControllerType(
          "nsga2",
          "steady-state NSGA-II (Deb et al. 2002)",
          List.of(
              Setting.whole("population", 20, 2, 10_000, "how many of the best are kept"),
              Setting.real("crossover", .9, 0, 1, "share of children with two parents"),
              Setting.real("mutations", 1, 0, 100, "decisions changed per child, on average")),
          (values, space, goals, seed) ->
              new Nsga2(
                  space,
                  goals,
                  new Settings(
                      values.whole("population"),
                      values.number("crossover"),
                      values.number("mutations")),
                  seed));

  private final SearchSpace space;
  private final Settings settings;
  private final long seed;
  private final Novelty novelty;
  private final Experience experience;
  private final List<Individual> population = new ArrayList<>();

  /**
   * @param space of the genomes
   * @param goals objectives and constraints
   * @param settings size and rates
   * @param seed of all draws
   */
  public Nsga2(SearchSpace space, Goals goals, Settings settings, long seed) {
    this.space = space;
    this.settings = settings;
    this.seed = seed;
    this.novelty = new Novelty(space);
    this.experience = new Experience(goals, settings.population());
  }

  /**
   * Size and rates.
   *
   * @param population how many of the best are kept
   * @param crossover the share of children with two parents, 0..1
   * @param mutations decisions changed per child, on average
   */
  public record Settings(int population, double crossover, double mutations) {
    public Settings {
      if (population < 2 || !(crossover >= 0 && crossover <= 1) || !(mutations >= 0)) {
        throw new IllegalArgumentException(
            "population >= 2, crossover in 0..1 and mutations >= 0 are wanted, not %d, %s, %s"
                .formatted(population, crossover, mutations));
      }
    }

    /**
     * A child by crossover, or else the mother, after a binomial number of single mutations: as
     * many draws as it has active decisions. In a space of one genome there are none.
     */
    Genome child(SearchSpace space, Genome mother, Genome father, RandomGenerator random) {
      Genome child =
          random.nextDouble() < crossover ? space.crossover(mother, father, random) : mother;
      List<Integer> active = space.active(child);
      if (active.stream().allMatch(i -> space.decisions().get(i).values().size() == 1)) {
        return child;
      }
      for (int i = 0; i < active.size(); i++) {
        if (random.nextDouble() * active.size() < mutations) {
          child = space.mutate(child, random);
        }
      }
      return child;
    }
  }

  @Override
  public Proposal propose(long step, Pending pending) {
    RandomGenerator random = Draws.of(seed, step);
    List<Individual> parents = experience.parents(population);
    if (parents.isEmpty() || experience.warmingUp(settings.population(), step, pending)) {
      return new Proposal(novelty.sample(random, pending));
    }
    Ranking ranking = new Ranking(parents);
    Genome mother = ranking.tournament(1, random).genome();
    Genome father = ranking.tournament(1, random).genome();
    Genome child = settings.child(space, mother, father, random);
    return new Proposal(novelty.mutated(child, random, pending), Optional.of(mother));
  }

  @Override
  public void observe(Outcome outcome) {
    novelty.saw(outcome.genome());
    experience.learn(outcome).ifPresent(population::add);
    shrink();
  }

  /** It stands for a place anew: one that had left may come back. */
  @Override
  public void revise(Outcome outcome) {
    population.removeIf(individual -> individual.genome().equals(outcome.genome()));
    experience.relearn(outcome).ifPresent(population::add);
    shrink();
  }

  private void shrink() {
    if (population.size() > settings.population()) {
      population.remove(new Ranking(population).worst());
    }
  }
}
