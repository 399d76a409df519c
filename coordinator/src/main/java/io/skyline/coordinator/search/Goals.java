package io.skyline.coordinator.search;

import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a search is after: the objectives that it trades off and the limits that it keeps.
 *
 * @param objectives at least one, each metric once; the first one leads where a single one must
 * @param constraints may be empty
 */
public record Goals(List<Objective> objectives, List<Constraint> constraints) {
  public Goals {
    objectives = List.copyOf(objectives);
    constraints = List.copyOf(constraints);
    Set<Metric> metrics = new HashSet<>();
    for (Objective objective : objectives) {
      if (!metrics.add(objective.metric())) {
        throw new IllegalArgumentException(objective.metric().word() + " is an objective twice");
      }
    }
    if (objectives.isEmpty()) {
      throw new IllegalArgumentException("a search needs an objective");
    }
    constraints.forEach(constraint -> metrics.add(constraint.metric()));
    for (Metric metric : metrics) {
      if (metric.isTest()) {
        throw new IllegalArgumentException(metric.word() + " guides no search");
      }
    }
  }

  /** Whether a metric is an objective or limited. */
  public boolean mention(Metric metric) {
    return objectives.stream().anyMatch(objective -> objective.metric() == metric)
        || constraints.stream().anyMatch(constraint -> constraint.metric() == metric);
  }

  /**
   * The objectives' costs, all to be made small; latency on its grid. Empty if one was not taken.
   */
  public Optional<double[]> costs(Scorecard scorecard) {
    double[] costs = new double[objectives.size()];
    for (int i = 0; i < costs.length; i++) {
      OptionalDouble value = scorecard.value(objectives.get(i).metric());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      costs[i] = objectives.get(i).cost(value.getAsDouble());
    }
    return Optional.of(costs);
  }

  /**
   * The sum of the relative violations of those limits whose metric was taken; 0 if all are kept.
   */
  public double violation(Scorecard scorecard) {
    double sum = 0;
    for (Constraint constraint : constraints) {
      sum += constraint.violation(scorecard).orElse(0);
    }
    return sum;
  }

  /** The same where predictions stand in for what was not measured: {@link Constraint#foreseen}. */
  public double foreseenViolation(Scorecard known) {
    double sum = 0;
    for (Constraint constraint : constraints) {
      sum += constraint.foreseen(known).orElse(0);
    }
    return sum;
  }

  /** Whether every limited metric was taken and lies within its limit. */
  public boolean feasible(Scorecard scorecard) {
    for (Constraint constraint : constraints) {
      OptionalDouble violation = constraint.violation(scorecard);
      if (violation.isEmpty() || violation.getAsDouble() > 0) {
        return false;
      }
    }
    return true;
  }
}
