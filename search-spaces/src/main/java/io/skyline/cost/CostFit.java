package io.skyline.cost;

import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the costs of operators from the times of networks made of them: those that are least wrong
 * in relative terms, none negative.
 *
 * <p>Least squares of the relative error, repeated with each network weighed by the inverse of its
 * error, which comes to the least absolute error: a measurement that was disturbed pulls at
 * nothing.
 */
public final class CostFit {
  private static final int ROUNDS = 8;

  /** An error as small as a measurement's own weighs no more. */
  private static final double NOISE = 0.04;

  private final List<Measured> measured;
  private final List<Column> columns;
  private final double[][] shares;

  /**
   * A network whose time is known.
   *
   * @param operators that it runs
   * @param microseconds of one run
   */
  public record Measured(List<Operator> operators, double microseconds) {}

  private record Column(Kind kind, Work work) {}

  private CostFit(List<Measured> measured) {
    this.measured = measured;
    Set<Column> found = new HashSet<>();
    for (Measured network : measured) {
      for (Operator operator : network.operators()) {
        operator.work().keySet().forEach(work -> found.add(new Column(operator.kind(), work)));
      }
    }
    this.columns = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Work work : Work.values()) {
        if (found.contains(new Column(kind, work))) {
          columns.add(new Column(kind, work));
        }
      }
    }
    this.shares = measured.stream().map(this::shares).toArray(double[][]::new);
  }

  /**
   * The costs that explain the times best, of every kind of operator.
   *
   * @param storage of all the networks
   * @throws IllegalArgumentException if a kind occurs in none of them, nor a similar one
   */
  public static OperatorCosts of(List<Measured> measured, Storage storage) {
    CostFit fit = new CostFit(measured);
    return new OperatorCosts(complete(fit.costs(fit.solve()), storage));
  }

  private static Map<Kind, Map<Work, Double>> complete(
      Map<Kind, Map<Work, Double>> found, Storage storage) {
    Map<Kind, Map<Work, Double>> table = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind.occursIn(storage)) {
        Kind source = kind;
        while (!found.containsKey(source) && source.similar() != source) {
          source = source.similar();
        }
        Map<Work, Double> costs = found.get(source);
        if (costs == null) {
          throw new IllegalArgumentException("no network has a " + source.word());
        }
        table.put(kind, costs);
      }
    }
    return table;
  }

  /** The amounts of work of a network per nanosecond of its time: their costs should sum to 1. */
  private double[] shares(Measured network) {
    double[] row = new double[columns.size()];
    for (Operator operator : network.operators()) {
      operator
          .work()
          .forEach(
              (work, amount) ->
                  row[columns.indexOf(new Column(operator.kind(), work))] +=
                      amount / (1e3 * network.microseconds()));
    }
    return row;
  }

  private double[] solve() {
    double[] weights = new double[measured.size()];
    Arrays.fill(weights, 1);
    double[] costs = new double[columns.size()];
    for (int round = 0; round < ROUNDS; round++) {
      NonNegativeLeastSquares.solve(shares, weights, costs);
      for (int i = 0; i < weights.length; i++) {
        double predicted = 0;
        for (int j = 0; j < costs.length; j++) {
          predicted += costs[j] * shares[i][j];
        }
        weights[i] = 1 / Math.max(NOISE, Math.abs(predicted - 1));
      }
    }
    return costs;
  }

  private Map<Kind, Map<Work, Double>> costs(double[] solution) {
    Map<Kind, Map<Work, Double>> table = new EnumMap<>(Kind.class);
    for (int j = 0; j < solution.length; j++) {
      Map<Work, Double> row =
          table.computeIfAbsent(columns.get(j).kind(), kind -> new EnumMap<>(Work.class));
      if (solution[j] > 0) {
        row.put(columns.get(j).work(), solution[j]);
      }
    }
    return table;
  }
}
