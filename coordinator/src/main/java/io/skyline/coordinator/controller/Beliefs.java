package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
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

  /**
   * Of every other objective, so much of its observed range counts beyond the worst: else the best
   * of the leading one, which costs the most of the others, would be no gain.
   */
  private static final double BEYOND = .5;

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
   * @param front those of them that are feasible and that nothing dominates
   * @param pending genomes under way
   */
  Promise promise(List<Individual> individuals, List<Individual> front, Pending pending) {
    List<int[]> codes = pending.genomes().stream().map(kernel::code).toList();
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
    List<Response.Posterior> foreseen =
        objectives.stream().map(response -> response.posterior(codes)).toList();
    List<Individual> believed = new ArrayList<>();
    front.forEach(one -> believed.add(with(one.genome(), warped(foreseen, one.costs()))));
    for (int i = 0; i < codes.size(); i++) {
      int index = i;
      if (limited.stream().allMatch(limit -> limit.isBelieved(index))) {
        double[] means = foreseen.stream().mapToDouble(p -> p.believed()[index]).toArray();
        believed.add(with(pending.genomes().get(i), means));
      }
    }
    List<double[]> costs = Individual.front(believed).stream().map(Individual::costs).toList();
    double[] reference = warped(foreseen, reference(individuals));
    return new Promise(kernel, foreseen, new ExpectedImprovement(costs, reference), limited);
  }

  private static Individual with(Genome genome, double[] costs) {
    return new Individual(genome, costs, 0);
  }

  private static double[] warped(List<Response.Posterior> foreseen, double[] costs) {
    double[] warped = new double[costs.length];
    Arrays.setAll(warped, i -> foreseen.get(i).warping().of(costs[i]));
    return warped;
  }

  /** The worst costs that count: beyond what was observed, and of the leading one to the fence. */
  private double[] reference(List<Individual> individuals) {
    double[] reference = objectives.stream().mapToDouble(o -> o.quantile(1)).toArray();
    List<Individual> feasible = individuals.stream().filter(Individual::feasible).toList();
    double[] leading =
        (feasible.isEmpty() ? individuals : feasible)
            .stream().mapToDouble(individual -> individual.costs()[0]).sorted().toArray();
    double best = leading[0];
    double fence = best + LEADING * (leading[(leading.length - 1) / 2] - best);
    if (fence > best) {
      reference[0] = Math.min(reference[0], fence);
    }
    for (int i = 1; i < reference.length; i++) {
      reference[i] += BEYOND * (reference[i] - objectives.get(i).quantile(0));
    }
    return reference;
  }
}
