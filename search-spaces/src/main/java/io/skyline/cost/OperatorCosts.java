package io.skyline.cost;

import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an amount of work costs in operators of each kind: the per-layer table of a device.
 *
 * @param nanoseconds of one unit of work; none negative, 0 where none is given
 */
public record OperatorCosts(Map<Kind, Map<Work, Double>> nanoseconds) {
  private static final double PER_MICROSECOND = 1e3;

  public OperatorCosts {
    EnumMap<Kind, Map<Work, Double>> copy = new EnumMap<>(Kind.class);
    nanoseconds.forEach(
        (kind, costs) -> {
          EnumMap<Work, Double> row = new EnumMap<>(Work.class);
          costs.forEach(
              (work, cost) -> {
                if (!(cost >= 0 && Double.isFinite(cost))) {
                  throw new IllegalArgumentException(kind + " " + work + " costs " + cost);
                }
                row.put(work, cost);
              });
          copy.put(kind, Collections.unmodifiableMap(row));
        });
    nanoseconds = Collections.unmodifiableMap(copy);
  }

  /** The time of one operator, in microseconds. */
  public double microseconds(Operator operator) {
    Map<Work, Double> costs = nanoseconds.getOrDefault(operator.kind(), Map.of());
    double time = 0;
    for (Map.Entry<Work, Double> amount : operator.work().entrySet()) {
      time += amount.getValue() * costs.getOrDefault(amount.getKey(), 0.0);
    }
    return time / PER_MICROSECOND;
  }

  /** The time of operators that run one after the other, in microseconds. */
  public double microseconds(List<Operator> operators) {
    return operators.stream().mapToDouble(this::microseconds).sum();
  }
}
