package io.skyline.coordinator.launch;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.coordinator.controller.Gate;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.cost.CandidateCost;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Genome;

/**
 * Gate 1 over a space and a data set: a candidate passes if its network can be built and its exact
 * cost keeps every constraint on a metric that is exact before training.
 */
record ExactCostGate(CandidateSpace space, DataCard data, TrainingPlan training, Goals goals)
    implements Gate {
  @Override
  public Verdict judge(Genome genome) {
    Scorecard exact;
    try {
      exact = CandidateCost.of(space.decode(genome, data, training));
    } catch (InvalidArchitectureException e) {
      return new Infeasible(Scorecard.EMPTY, String.valueOf(e.getMessage()));
    }
    for (Constraint constraint : goals.constraints()) {
      if (constraint.violation(exact).orElse(0) > 0) {
        return new Infeasible(exact, "breaks " + constraint.text());
      }
    }
    return new Feasible();
  }
}
