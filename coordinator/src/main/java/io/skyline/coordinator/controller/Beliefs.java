package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All that a {@link Surrogate} has learned: a response for each objective, for each limited metric,
 * and for whether a genome can be evaluated at all.
 */
final class Beliefs {
  /**
   * Of the first objective, which leads, improvements count up to so many times the median distance
   * from the best: a network that is cheap because it is useless is no gain.
   */
  private static final double LEADING = 3;

  private final Goals goals;
  private final GenomeKernel kernel;
  private final List<Response> objectives;
  private final List<Response> limits;

  /** 0 for what could be evaluated, 1 for what could not. */
  private final Response failing;

  private boolean anyFailed;

  Beliefs(SearchSpace space, Goals goals) {
    this.goals = goals;
    this.kernel = new GenomeKernel(space);
    this.objectives = goals.objectives().stream().map(o -> new Response(kernel)).toList();
    this.limits = goals.constraints().stream().map(c -> new Response(kernel)).toList();
    this.failing = new Response(kernel);
  }

  void learn(Outcome outcome) {
    int[] code = kernel.code(outcome.genome());
    if (outcome instanceof Outcome.Scored scored) {
      goals
          .costs(scored.scorecard())
          .ifPresent(
              costs -> {
                for (int i = 0; i < costs.length; i++) {
                  objectives.get(i).put(code, costs[i]);
                }
              });
      learnLimits(code, scored.scorecard());
      failing.put(code, 0);
    } else if (outcome instanceof Outcome.Infeasible infeasible) {
      learnLimits(code, infeasible.exact());
      learnFailure(code, infeasible.exact().measurements().isEmpty());
    } else if (outcome instanceof Outcome.Failed) {
      learnFailure(code, true);
    }
  }

  private void learnFailure(int[] code, boolean failed) {
    failing.put(code, failed ? 1 : 0);
    anyFailed |= failed;
  }

  private void learnLimits(int[] code, Scorecard scorecard) {
    for (int i = 0; i < limits.size(); i++) {
      Constraint constraint = goals.constraints().get(i);
      Metric judged = constraint.judged(scorecard);
      OptionalDouble value = scorecard.value(judged);
      if (value.isPresent()) {
        limits.get(i).put(code, cost(constraint, value.getAsDouble()));
      }
    }
  }

  /** A limited value as a cost. */
  private static double cost(Constraint constraint, double value) {
    return constraint.bound() == Constraint.Bound.AT_MOST ? value : -value;
  }

  /**
   * What new genomes promise.
   *
   * @param individuals all that are scored
   * @param pending genomes under way
   */
  Promise promise(List<Individual> individuals, Pending pending) {
    List<int[]> codes = pending.genomes().stream().map(kernel::code).toList();
    List<double[]> front =
        Individual.front(individuals.stream().filter(Individual::feasible).toList()).stream()
            .map(Individual::costs)
            .toList();
    List<Promise.Limit> limited = new ArrayList<>();
    for (int i = 0; i < limits.size(); i++) {
      if (limits.get(i).isKnown()) {
        Constraint constraint = goals.constraints().get(i);
        limited.add(
            new Promise.Limit(
                limits.get(i).posterior(codes), cost(constraint, constraint.limit())));
      }
    }
    if (anyFailed && failing.isKnown()) {
      limited.add(new Promise.Limit(failing.posterior(codes), .5));
    }
    if (!objectives.get(0).isKnown()) {
      return new Promise(
          kernel, List.of(), new ExpectedImprovement(List.of(), new double[0]), limited);
    }
    double[] reference = objectives.stream().mapToDouble(o -> o.quantile(1)).toArray();
    double best = objectives.get(0).quantile(0);
    double fence = best + LEADING * (objectives.get(0).quantile(.5) - best);
    reference[0] = Math.min(reference[0], fence);
    return new Promise(
        kernel,
        objectives.stream().map(response -> response.posterior(codes)).toList(),
        new ExpectedImprovement(front, reference),
        limited);
  }
}
