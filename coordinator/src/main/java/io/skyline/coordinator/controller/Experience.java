package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What evolving controllers remember besides their population. */
final class Experience {
  /** After so many rejections in a row chance is not trusted to find the feasible region. */
  private static final int LOST = 20;

  private final Goals goals;
  private final int capacity;
  private final List<Individual> misses = new ArrayList<>();
  private int trained;
  private long lastRejection;
  private int rejectionsInRow;

  /**
   * @param capacity of the list of nearest misses
   */
  Experience(Goals goals, int capacity) {
    this.goals = goals;
    this.capacity = capacity;
  }

  /** Takes note of an outcome; gives what was trained and scored. */
  Optional<Individual> learn(Outcome outcome) {
    Optional<Individual> individual = Individual.of(outcome, goals);
    if (!(outcome instanceof Outcome.Infeasible)) {
      trained += outcome instanceof Outcome.Stopped ? 0 : 1;
      return individual;
    }
    rejectionsInRow = outcome.step() == lastRejection + 1 ? rejectionsInRow + 1 : 1;
    lastRejection = outcome.step();
    individual.ifPresent(misses::add);
    misses.sort(Comparator.comparingDouble(Individual::violation));
    if (misses.size() > capacity) {
      misses.remove(capacity);
    }
    return Optional.empty();
  }

  /** What a trial that was learned before is worth by a later outcome. */
  Optional<Individual> relearn(Outcome outcome) {
    return Individual.of(outcome, goals);
  }

  /** Whether so few were trained or are in training that chance should go on. */
  boolean warmingUp(int population, long step, Pending pending) {
    boolean lost = lastRejection == step - 1 && rejectionsInRow >= LOST;
    return trained + pending.genomes().size() < population && !lost;
  }

  /**
   * The individuals to choose parents from: the population, and while nothing in it is feasible the
   * nearest misses too.
   */
  List<Individual> parents(List<Individual> population) {
    if (population.stream().anyMatch(Individual::feasible)) {
      return population;
    }
    List<Individual> all = new ArrayList<>(population);
    all.addAll(misses);
    return all;
  }
}
