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
    return Quantiles.of(sorted(), 0.5);
  }

  /** The distance of the quartiles as a share of the median. */
  double spread() {
    return Quantiles.spread(sorted());
  }

  private double[] sorted() {
    return rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }
}
