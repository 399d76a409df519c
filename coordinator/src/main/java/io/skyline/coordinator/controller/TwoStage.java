package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * First the network, then the recipe of its winners: NSGA-II over the decisions about the network
 * with every decision of the recipe at its first value, then over the recipe's decisions alone,
 * with the networks that nothing dominated. What joint search is to be compared with.
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
  private final List<Individual> individuals = new ArrayList<>();
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
    if (trained + pending.genomes().size() < first || individuals.isEmpty()) {
      Pending theirs = new Pending(pending.genomes().stream().map(space::network).toList());
      Genome network = networks.propose(step, theirs).genome();
      return new Proposal(novelty.mutated(space.join(network, space.plain()), random, pending));
    }
    Ranking ranking = new Ranking(ofWinners());
    Genome mother = tournament(ranking, random);
    Genome child = mother;
    for (int i = 0; i < TRIES && novelty.isKnown(child, pending); i++) {
      Genome recipe = recipe(mother, tournament(ranking, random), random);
      child = space.join(space.network(mother), recipe);
      mother = tournament(ranking, random);
    }
    return new Proposal(novelty.mutated(child, random, pending));
  }

  /** All individuals whose network is one that nothing dominated without a recipe. */
  private List<Individual> ofWinners() {
    String plain = space.plain().text();
    List<Individual> uncompressed =
        individuals.stream()
            .filter(individual -> space.recipe(individual.genome()).text().equals(plain))
            .toList();
    Set<String> winners = new LinkedHashSet<>();
    for (Individual one : uncompressed) {
      if (uncompressed.stream().noneMatch(other -> other.dominates(one))) {
        winners.add(space.network(one.genome()).text());
      }
    }
    return individuals.stream()
        .filter(individual -> winners.contains(space.network(individual.genome()).text()))
        .toList();
  }

  private static Genome tournament(Ranking ranking, RandomGenerator random) {
    int one = random.nextInt(ranking.size());
    int other = random.nextInt(ranking.size());
    return ranking.get(ranking.better(other, one) ? other : one).genome();
  }

  private Genome recipe(Genome mother, Genome father, RandomGenerator random) {
    SearchSpace recipes = space.recipes();
    Genome child = space.recipe(mother);
    if (random.nextDouble() < settings.crossover()) {
      child = recipes.crossover(child, space.recipe(father), random);
    }
    int decisions = recipes.active(child).size();
    for (int i = 0; i < decisions; i++) {
      if (random.nextDouble() * decisions < settings.mutations()) {
        child = recipes.mutate(child, random);
      }
    }
    return child;
  }

  @Override
  public void observe(Outcome outcome) {
    novelty.saw(outcome.genome());
    trained += outcome instanceof Outcome.Infeasible ? 0 : 1;
    if (space.recipe(outcome.genome()).equals(space.plain())) {
      networks.observe(ofNetwork(outcome));
    }
    if (outcome instanceof Outcome.Scored) {
      Individual.of(outcome, goals).ifPresent(individuals::add);
    }
  }

  @Override
  public void revise(Outcome outcome) {
    if (space.recipe(outcome.genome()).equals(space.plain())) {
      networks.revise(ofNetwork(outcome));
    }
    individuals.removeIf(individual -> individual.genome().equals(outcome.genome()));
    if (outcome instanceof Outcome.Scored) {
      Individual.of(outcome, goals).ifPresent(individuals::add);
    }
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
