package io.skyline.worker.score;

import java.util.ArrayList;
import java.util.List;

/**
 * What was measured of a setting.
 *
 * @param rates examples a second in each round
 */
public record RuntimeFigures(RuntimeSetting setting, List<Double> rates) {
  public RuntimeFigures {
    rates = List.copyOf(rates);
    if (rates.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured of " + setting);
    }
  }

  RuntimeFigures plus(double rate) {
    List<Double> more = new ArrayList<>(rates);
    more.add(rate);
    return new RuntimeFigures(setting, more);
  }

  /** In how many rounds it was measured. */
  public int rounds() {
    return rates.size();
  }

  /** The median over the rounds, in examples a second. */
  public double median() {
    return quantile(0.5);
  }

  /** The distance of the quartiles as a share of the median. */
  double spread() {
    return (quantile(0.75) - quantile(0.25)) / median();
  }

  private double quantile(double share) {
    double[] sorted = rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
