package io.skyline.coordinator.search;

import io.skyline.scorecard.Metric;

/**
 * Fixes, before the first trial, what hypervolume counts as nothing (1) and as everything (0) along
 * each objective, so that the hypervolume of a search lies in 0..1 and never changes its meaning.
 *
 * <p>An objective with a limit runs linearly from the limit to the best value there is: 1 for
 * accuracies, 0 for costs. Throughput runs logarithmically from its limit, or else from 1 example a
 * second, to 1e9. Without a limit accuracies (F1 and R2 too) run from 0 to 1, and costs run
 * logarithmically over the decades that small networks live in: times from 1 us to 1 s, files and
 * memory from 1 KiB to 1 GiB, multiply-accumulates from 1e3 to 1e11, parameters from 1e2 to 1e9,
 * energy from 1e-3 uJ to 1e6 uJ, training from 1 s to 1e6 s, absolute errors from 1e-6 to 1e6.
 * Values beyond the box are clipped to it.
 */
final class ReferenceBox {
  private static final double HIGHEST_THROUGHPUT = 1e9;

  private final Axis[] axes;

  private ReferenceBox(Axis[] axes) {
    this.axes = axes;
  }

  /** From the cost that counts as 0 to the one that counts as 1. */
  private record Axis(double best, double worst, boolean logarithmic) {
    double normalised(double cost) {
      double share =
          logarithmic
              ? StrictMath.log(Math.max(cost, best) / best) / StrictMath.log(worst / best)
              : (cost - best) / (worst - best);
      return Math.min(1, Math.max(0, share));
    }
  }

  static ReferenceBox of(Goals goals) {
    return new ReferenceBox(
        goals.objectives().stream()
            .map(objective -> axis(objective.metric(), goals))
            .toArray(Axis[]::new));
  }

  private static Axis axis(Metric metric, Goals goals) {
    if (metric == Metric.THROUGHPUT) {
      return new Axis(-HIGHEST_THROUGHPUT, -least(metric, goals, HIGHEST_THROUGHPUT, 1), true);
    }
    if (metric.higherIsBetter()) {
      return new Axis(-1, -least(metric, goals, 1, 0), false);
    }
    return goals.constraints().stream()
        .filter(c -> c.metric() == metric && c.bound() == Constraint.Bound.AT_MOST)
        .mapToDouble(Constraint::limit)
        .boxed()
        .min(Double::compare)
        .map(limit -> new Axis(0, limit, false))
        .orElseGet(() -> unlimited(metric));
  }

  /** The highest lower limit of a metric that leaves something below the best value. */
  private static double least(Metric metric, Goals goals, double best, double otherwise) {
    return goals.constraints().stream()
        .filter(c -> c.metric() == metric && c.bound() == Constraint.Bound.AT_LEAST)
        .mapToDouble(Constraint::limit)
        .filter(limit -> limit < best)
        .max()
        .orElse(otherwise);
  }

  private static Axis unlimited(Metric metric) {
    return switch (metric) {
      case LATENCY, PREDICTED_LATENCY -> new Axis(1, 1e6, true);
      case PEAK_MEMORY, SIZE, DOWNLOAD, UNCOMPRESSED -> new Axis(1 << 10, 1 << 30, true);
      case MACS -> new Axis(1e3, 1e11, true);
      case PARAMETERS -> new Axis(1e2, 1e9, true);
      case ENERGY -> new Axis(1e-3, 1e6, true);
      case TRAIN_SECONDS -> new Axis(1, 1e6, true);
      case MAE, TEST_MAE -> new Axis(1e-6, 1e6, true);
      case TEST_ERROR, UNCOMPRESSED_TEST_ERROR -> new Axis(0, 1, false);
      case ACCURACY,
          TEST_ACCURACY,
          MACRO_F1,
          TEST_MACRO_F1,
          R2,
          TEST_R2,
          THROUGHPUT,
          SYNFLOW,
          JACOBIAN_COVARIANCE ->
          throw new IllegalArgumentException(metric + " is better when higher");
    };
  }

  /** Costs as shares of the box. */
  double[] normalised(double[] costs) {
    double[] shares = new double[costs.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = axes[i].normalised(costs[i]);
    }
    return shares;
  }
}
