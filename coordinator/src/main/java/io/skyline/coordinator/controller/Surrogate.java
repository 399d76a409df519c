package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Bayesian optimisation for few and dear trials: Gaussian processes over genomes foresee each
 * objective and each limit, and the proposal is the candidate of most {@linkplain Promise promise}.
 *
 * <p>Candidates are random genomes, neighbours of the best ones and their children; from the most
 * promising of them the search goes on uphill. Pending genomes count as if they had come out as
 * foreseen, so that those of a batch differ (the kriging believer of Ginsbourger et al. 2010).
 */
public final class Surrogate implements Controller {
  static final ControllerType TYPE =
      new ControllerType(
          "surrogate",
          "Gaussian processes and expected hypervolume improvement",
          List.of(
              Setting.whole("initial", 15, 3, 10_000, "random trials before the first model"),
              Setting.whole(
                  "candidates",
                  150,
                  10,
                  10_000,
                  "genomes looked at first: a third random, a third children, and a"
                      + " quarter, at most, around each parent")),
          (values, space, goals, seed) ->
              new Surrogate(
                  space,
                  goals,
                  new Settings(values.whole("initial"), values.whole("candidates")),
                  seed));

  private static final int PARENTS = 6;

  private final Settings settings;
  private final long seed;
  private final Novelty novelty;
  private final Experience experience;
  private final Candidates candidates;
  private final Beliefs beliefs;
  private final List<Individual> individuals = new ArrayList<>();

  /**
   * @param space of the genomes
   * @param goals objectives and constraints
   * @param settings sizes
   * @param seed of all draws
   */
  public Surrogate(SearchSpace space, Goals goals, Settings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
    this.novelty = new Novelty(space);
    this.experience = new Experience(goals, PARENTS);
    this.candidates = new Candidates(space, novelty, settings.candidates());
    this.beliefs = new Beliefs(space, goals);
  }

  /**
   * Sizes.
   *
   * @param initial random trials before the first model
   * @param candidates what a proposal looks at first: a third as many random genomes, a third as
   *     many children, and around each of up to six parents at most a quarter as many neighbours
   */
  public record Settings(int initial, int candidates) {}

  @Override
  public Proposal propose(long step, Pending pending) {
    RandomGenerator random = Draws.of(seed, step);
    List<Individual> known = experience.parents(individuals);
    if (known.isEmpty() || experience.warmingUp(settings.initial(), step, pending)) {
      return new Proposal(novelty.sample(random, pending));
    }
    List<Individual> front = Individual.front(known);
    List<Genome> parents = parents(known, front, random);
    List<Individual> feasible = front.stream().filter(Individual::feasible).toList();
    Promise promise = beliefs.promise(individuals, feasible, pending);
    return new Proposal(
        candidates
            .best(parents, promise, random, pending)
            .orElseGet(() -> novelty.mutated(parents.get(0), random, pending)));
  }

  /** Some of those that nothing dominates, then of those that only these dominate, and so on. */
  private static List<Genome> parents(
      List<Individual> known, List<Individual> first, RandomGenerator random) {
    List<Genome> parents = new ArrayList<>();
    List<Individual> rest = known;
    List<Individual> front = first;
    while (!front.isEmpty()) {
      List<Individual> left = new ArrayList<>(front);
      while (!left.isEmpty()) {
        parents.add(left.remove(random.nextInt(left.size())).genome());
        if (parents.size() == PARENTS) {
          return parents;
        }
      }
      Set<Individual> taken = new HashSet<>(front);
      rest = rest.stream().filter(individual -> !taken.contains(individual)).toList();
      front = Individual.front(rest);
    }
    return parents;
  }

  @Override
  public void observe(Outcome outcome) {
    novelty.saw(outcome.genome());
    experience.learn(outcome).ifPresent(individuals::add);
    beliefs.learn(outcome);
  }

  @Override
  public void revise(Outcome outcome) {
    individuals.removeIf(individual -> individual.genome().equals(outcome.genome()));
    experience.relearn(outcome).ifPresent(individuals::add);
    beliefs.learn(outcome);
  }
}
