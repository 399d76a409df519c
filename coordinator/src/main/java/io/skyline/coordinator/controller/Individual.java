package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Dominance;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A genome with what is known of its worth.
 *
 * @param genome the candidate
 * @param costs of the objectives, all to be made small; empty before it is trained
 * @param violation the sum of its relative violations; 0 if it is feasible, infinite if it cannot
 *     even be built
 */
record Individual(Genome genome, double[] costs, double violation) {
  private static final double[] UNKNOWN = {};

  /** What an outcome tells; empty if it has no numbers. */
  static Optional<Individual> of(Outcome outcome, Goals goals) {
    if (outcome instanceof Outcome.Scored scored) {
      double violation =
          goals.feasible(scored.scorecard())
              ? 0
              : Math.max(Double.MIN_VALUE, goals.violation(scored.scorecard()));
      return goals
          .costs(scored.scorecard())
          .map(costs -> new Individual(scored.genome(), costs, violation));
    }
    if (outcome instanceof Outcome.Infeasible infeasible) {
      double violation = goals.foreseenViolation(infeasible.exact());
      return Optional.of(
          new Individual(
              infeasible.genome(), UNKNOWN, violation > 0 ? violation : Double.POSITIVE_INFINITY));
    }
    return Optional.empty();
  }

  /** Those that no other dominates, in their order. */
  static List<Individual> front(List<Individual> individuals) {
    List<Individual> front = new ArrayList<>();
    for (Individual one : individuals) {
      if (front.stream().noneMatch(other -> other.dominates(one))) {
        front.removeIf(one::dominates);
        front.add(one);
      }
    }
    return front;
  }

  boolean feasible() {
    return violation == 0;
  }

  /**
   * Deb's constrained domination: the smaller violation wins, among feasible ones Pareto dominance.
   */
  boolean dominates(Individual other) {
    if (!feasible() || !other.feasible()) {
      return violation < other.violation;
    }
    return Dominance.dominates(costs, other.costs);
  }
}
