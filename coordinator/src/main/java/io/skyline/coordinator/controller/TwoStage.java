package io.skyline.coordinator.controller;

import static java.util.stream.Collectors.toSet;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * First the network, then the recipe of its winners: NSGA-II over the decisions about the network
 * with every decision of the recipe at its first value, then over the recipe's decisions alone,
 * with the networks that nothing dominated. What joint search is to be compared with. Where no
 * network can be scored without a recipe, half of the first stage's later proposals have a random
 * one.
 *
 * <p>A space that has decisions of one kind only is searched in one stage.
 */
public final class TwoStage implements Controller {
  static final ControllerType TYPE =
      new ControllerType(
          "two-stage",
          "NSGA-II over networks, then over the recipes of the best",
          List.of(
              Setting.whole("first", 16, 1, 1_000_000, "trials that choose the networks"),
              Setting.whole("population", 20, 2, 10_000, "how many of the best are kept"),
              Setting.real("crossover", .9, 0, 1, "share of children with two parents"),
              Setting.real("mutations", 1, 0, 100, "decisions changed per child, on average")),
          (values, space, goals, seed) ->
              create(
                  space,
                  goals,
                  values.whole("first"),
                  new Nsga2.Settings(
                      values.whole("population"),
                      values.number("crossover"),
                      values.number("mutations")),
                  seed));

  private static final int TRIES = 50;

  private final SplitSpace space;
  private final Goals goals;
  private final int first;
  private final Nsga2.Settings settings;
  private final long seed;
  private final Nsga2 networks;
  private final Novelty novelty;

  /** All that are scored without a recipe. */
  private final List<Individual> plain = new ArrayList<>();

  /** The best of those with a recipe: the population of the second stage. */
  private final List<Individual> others = new ArrayList<>();

  private int outcomes;
  private int trained;

  private TwoStage(SplitSpace space, Goals goals, int first, Nsga2.Settings settings, long seed) {
    this.space = space;
    this.goals = goals;
    this.first = first;
    this.settings = settings;
    this.seed = seed;
    this.networks = new Nsga2(space.networks(), goals, settings, seed);
    this.novelty = new Novelty(space.whole());
  }

  /**
   * Such a controller.
   *
   * @param first trials of the first stage
   */
  public static Controller create(
      SearchSpace space, Goals goals, int first, Nsga2.Settings settings, long seed) {
    return SplitSpace.isPossible(space)
        ? new TwoStage(SplitSpace.of(space), goals, first, settings, seed)
        : new Nsga2(space, goals, settings, seed);
  }

  @Override
  public Proposal propose(long step, Pending pending) {
    RandomGenerator random = Draws.of(seed, step);
    boolean nothingScored = plain.isEmpty() && others.isEmpty();
    if (trained + pending.genomes().size() < first || nothingScored) {
      Pending theirs = new Pending(pending.genomes().stream().map(space::network).toList());
      Genome network = networks.propose(step, theirs).genome();
      Genome recipe = needsRecipe(random) ? space.recipes().sample(random) : space.plain();
      return new Proposal(novelty.mutated(space.join(network, recipe), random, pending));
    }
    Ranking ranking = new Ranking(parents());
    Genome mother = ranking.tournament(1, random).genome();
    Genome child = mother;
    for (int i = 0; i < TRIES && novelty.isKnown(child, pending); i++) {
      Genome father = ranking.tournament(1, random).genome();
      Genome recipe =
          settings.child(space.recipes(), space.recipe(mother), space.recipe(father), random);
      child = space.join(space.network(mother), recipe);
      mother = ranking.tournament(1, random).genome();
    }
    return new Proposal(novelty.mutated(child, random, pending));
  }

  /** Half of the proposals, once as many as the first stage holds have left no plain network. */
  private boolean needsRecipe(RandomGenerator random) {
    return plain.isEmpty() && outcomes >= first && random.nextBoolean();
  }

  /**
   * The networks that nothing dominates without a recipe, and the best with one; all that are
   * scored while no network is without one.
   */
  private List<Individual> parents() {
    List<Individual> winners = Individual.front(plain);
    if (winners.isEmpty()) {
      return others;
    }
    Set<Genome> won =
        winners.stream().map(winner -> space.network(winner.genome())).collect(toSet());
    List<Individual> parents = new ArrayList<>(winners);
    others.stream().filter(o -> won.contains(space.network(o.genome()))).forEach(parents::add);
    return parents;
  }

  @Override
  public void observe(Outcome outcome) {
    novelty.saw(outcome.genome());
    outcomes++;
    boolean untrained = outcome instanceof Outcome.Infeasible || outcome instanceof Outcome.Stopped;
    trained += untrained ? 0 : 1;
    if (isPlain(outcome.genome())) {
      networks.observe(ofNetwork(outcome));
    }
    learn(outcome);
  }

  @Override
  public void revise(Outcome outcome) {
    if (isPlain(outcome.genome())) {
      networks.revise(ofNetwork(outcome));
    }
    plain.removeIf(individual -> individual.genome().equals(outcome.genome()));
    others.removeIf(individual -> individual.genome().equals(outcome.genome()));
    learn(outcome);
  }

  private void learn(Outcome outcome) {
    if (outcome instanceof Outcome.Scored) {
      boolean isPlain = isPlain(outcome.genome());
      Individual.of(outcome, goals).ifPresent(isPlain ? plain::add : others::add);
    }
    if (others.size() > settings.population()) {
      others.remove(new Ranking(others).worst());
    }
  }

  private boolean isPlain(Genome genome) {
    return space.recipe(genome).equals(space.plain());
  }

  private Outcome ofNetwork(Outcome outcome) {
    Genome network = space.network(outcome.genome());
    if (outcome instanceof Outcome.Scored scored) {
      return new Outcome.Scored(scored.step(), network, scored.scorecard());
    } else if (outcome instanceof Outcome.Infeasible none) {
      return new Outcome.Infeasible(none.step(), network, none.exact(), none.reason());
    } else if (outcome instanceof Outcome.Failed failed) {
      return new Outcome.Failed(failed.step(), network, failed.kind(), failed.reason());
    }
    return new Outcome.Stopped(outcome.step(), network);
  }
}
