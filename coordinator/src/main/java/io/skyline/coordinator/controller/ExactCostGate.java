package io.skyline.coordinator.controller;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Quantity;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * Rejects what cannot be built, what breaks a constraint by its exact costs, and what must break
 * one on latency even if the prediction errs as much as it is known to.
 */
public final class ExactCostGate implements Gate {
  private static final MathContext EXACT = new MathContext(12);

  private final Goals goals;
  private final Function<Genome, Scorecard> costs;

  /**
   * @param goals whose constraints are checked, as far as costs tell
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
      if (constraint.foreseen(exact).orElse(0) > 0) {
        broken.add(text(constraint, exact));
      }
    }
    return broken.isEmpty() ? new Feasible() : new Infeasible(exact, String.join("; ", broken));
  }

  private static String text(Constraint constraint, Scorecard exact) {
    Metric metric = constraint.judged(exact);
    Measurement known = Objects.requireNonNull(exact.measurements().get(metric));
    String value = new Quantity(known.value(), metric.unit()).text();
    String limit = new Quantity(constraint.limit(), metric.unit()).text();
    if (value.equals(limit)) {
      // they differ beyond four digits
      String unit = (" " + metric.unit().symbol()).stripTrailing();
      value = new BigDecimal(known.value()).round(EXACT).toPlainString() + unit;
      limit = new BigDecimal(constraint.limit()).round(EXACT).toPlainString() + unit;
    }
    if (metric != constraint.metric()) {
      return String.format(
          Locale.ROOT,
          "%s %s is above the limit of %s on %s by more than its error of %.0f %%",
          metric.word(),
          value,
          limit,
          constraint.metric().word(),
          100 * known.tolerance());
    }
    boolean most = constraint.bound() == Constraint.Bound.AT_MOST;
    return "%s %s is %s its limit of %s"
        .formatted(metric.word(), value, most ? "above" : "below", limit);
  }
}
