package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Which trial goes on (Li et al. 2020, algorithm 2): of the highest rung that has one, the best of
 * those which belong to its best 1/eta and were not promoted, by the crowded comparison of {@link
 * Ranking}, for trials are compared within a rung only.
 *
 * <p>As long as no training goes to the end, the next trial does so at once: what ends a search
 * early must not leave it without a model.
 */
final class Promotions {
  private final List<Integer> rungs;
  private final int eta;
  private final Goals goals;
  private final List<Rung> below = new ArrayList<>();
  private int full;

  Promotions(Halving halving, Goals goals) {
    this.rungs = halving.rungs();
    this.eta = halving.eta();
    this.goals = goals;
    for (int i = 0; i < rungs.size() - 1; i++) {
      below.add(new Rung());
    }
  }

  /**
   * A trial that is to be trained further.
   *
   * @param epochs at which it pauses again; 0 for the end
   */
  record Promotion(int trial, int epochs) {}

  /** The trials that have reached a rung. */
  private static final class Rung {
    private final List<Integer> trials = new ArrayList<>();
    private final List<Individual> individuals = new ArrayList<>();
    private final Set<Integer> promoted = new HashSet<>();
    private List<Integer> order = List.of();

    private List<Integer> order() {
      if (order.size() < individuals.size()) {
        order = new Ranking(individuals).order();
      }
      return order;
    }
  }

  /** Epochs at which the first training of the next new trial pauses; 0 for the end. */
  int first() {
    return full == 0 ? 0 : rungs.get(0);
  }

  /** A new trial was given its first training. */
  void began(int epochs) {
    full += epochs == 0 ? 1 : 0;
  }

  /**
   * A trial was promoted.
   *
   * @param round of the training that it was given, from 2
   */
  void promoted(int trial, int round, int epochs) {
    below.get(round - 2).promoted.add(trial);
    began(epochs);
  }

  /**
   * A training ended.
   *
   * @param round of the trial's trainings, from 1
   * @param epochs at which it was to pause; 0 for the end
   */
  void observe(int trial, int round, int epochs, Outcome outcome) {
    if (epochs == 0) {
      full -= outcome instanceof Outcome.Scored ? 0 : 1;
    } else if (outcome instanceof Outcome.Scored) {
      Rung rung = below.get(round - 1);
      Individual.of(outcome, goals)
          .ifPresent(
              individual -> {
                rung.trials.add(trial);
                rung.individuals.add(individual);
              });
    }
  }

  /**
   * The next promotion, if any is due.
   *
   * @param waits whether a trial still waits for one
   */
  Optional<Promotion> next(IntPredicate waits) {
    for (int i = below.size() - 1; i >= 0; i--) {
      Rung rung = below.get(i);
      List<Integer> best = rung.order().subList(0, rung.trials.size() / eta);
      for (int index : best) {
        int trial = rung.trials.get(index);
        if (!rung.promoted.contains(trial) && waits.test(trial)) {
          boolean toTheEnd = i + 2 == rungs.size();
          return Optional.of(new Promotion(trial, toTheEnd ? 0 : rungs.get(i + 1)));
        }
      }
    }
    return Optional.empty();
  }
}
