package io.skyline.coordinator.controller;

import io.skyline.coordinator.controller.GaussianProcess.Forecast;
import io.skyline.space.Genome;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The expected improvement of hypervolume times the chance that every limit is kept (Gardner et al.
 * 2014); while no objective is known, that chance alone.
 *
 * @param objectives what is foreseen of each; empty while nothing is known
 * @param improvement over the feasible front, in warped costs
 * @param limits that are to be kept
 */
record Promise(
    GenomeKernel kernel,
    List<Response.Posterior> objectives,
    ExpectedImprovement improvement,
    List<Limit> limits) {
  /**
   * A limit.
   *
   * @param cost what is foreseen of the limited value
   * @param most that it may be
   */
  record Limit(Response.Posterior cost, double most) {
    /** Whether a pending genome keeps it if it comes out as foreseen. */
    boolean isBelieved(int pending) {
      return cost.believed()[pending] <= cost.warping().of(most);
    }

    double chance(Forecast forecast, int candidate) {
      double distance = cost.warping().of(most) - forecast.means()[candidate];
      return Normal.cumulative(distance / forecast.deviations()[candidate]);
    }
  }

  /** Of each genome. */
  double[] of(List<Genome> genomes) {
    List<int[]> codes = genomes.stream().map(kernel::code).toList();
    return of(genomes.size(), posterior -> posterior.process().forecast(codes));
  }

  /** Of each genome, from outlines of the forecasts, which see too much uncertainty. */
  double[] outlined(List<Genome> genomes) {
    List<int[]> codes = genomes.stream().map(kernel::code).toList();
    return of(genomes.size(), posterior -> posterior.process().outline(codes));
  }

  private double[] of(int count, Function<Response.Posterior, Forecast> forecaster) {
    double[] promises = improvements(count, forecaster);
    for (Limit limit : limits) {
      Forecast forecast = forecaster.apply(limit.cost());
      for (int candidate = 0; candidate < count; candidate++) {
        promises[candidate] *= limit.chance(forecast, candidate);
      }
    }
    return promises;
  }

  private double[] improvements(int count, Function<Response.Posterior, Forecast> forecaster) {
    double[] improvements = new double[count];
    Arrays.fill(improvements, 1);
    if (objectives.isEmpty()) {
      return improvements;
    }
    double[][][] gains = new double[count][objectives.size()][];
    for (int i = 0; i < objectives.size(); i++) {
      Forecast forecast = forecaster.apply(objectives.get(i));
      double[] levels = improvement.levels(i);
      for (int candidate = 0; candidate < count; candidate++) {
        gains[candidate][i] =
            Normal.expectedGains(
                levels, forecast.means()[candidate], forecast.deviations()[candidate]);
      }
    }
    Arrays.setAll(improvements, candidate -> improvement.of(gains[candidate]));
    return improvements;
  }
}
