package io.skyline.coordinator.controller;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Rejects what cannot be built, and what breaks a constraint by its exact costs. */
public final class ExactCostGate implements Gate {
  private final Goals goals;
  private final Function<Genome, Scorecard> costs;

  /**
   * @param goals whose constraints on exact metrics are checked
   * @param costs the exact costs of a genome; throws {@link InvalidArchitectureException} if it
   *     cannot be built
   */
  public ExactCostGate(Goals goals, Function<Genome, Scorecard> costs) {
    this.goals = goals;
    this.costs = costs;
  }

  @Override
  public Verdict judge(Genome genome) {
    Scorecard exact;
    try {
      exact = costs.apply(genome);
    } catch (InvalidArchitectureException e) {
      return new Infeasible(Scorecard.EMPTY, String.valueOf(e.getMessage()));
    }
    List<String> broken = new ArrayList<>();
    for (Constraint constraint : goals.constraints()) {
      OptionalDouble value = exact.value(constraint.metric());
      if (constraint.metric().exactBeforeTraining()
          && value.isPresent()
          && constraint.violation(exact).orElse(0) > 0) {
        broken.add(text(constraint, value.getAsDouble()));
      }
    }
    return broken.isEmpty() ? new Feasible() : new Infeasible(exact, String.join("; ", broken));
  }

  private static String text(Constraint constraint, double value) {
    boolean most = constraint.bound() == Constraint.Bound.AT_MOST;
    return String.format(
        Locale.ROOT,
        "%s %.0f is %s its limit of %.0f",
        constraint.metric().column(),
        value,
        most ? "above" : "below",
        constraint.limit());
  }
}
