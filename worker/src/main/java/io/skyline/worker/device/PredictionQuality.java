package io.skyline.worker.device;

import io.skyline.cost.DeviceProfile;
import io.skyline.scorecard.RankCorrelation;
import java.util.List;

/** How good predictions are that can be held against measurements. */
final class PredictionQuality {
  private static final double MEDIAN = 0.5;
  private static final double P95 = 0.95;

  private PredictionQuality() {}

  /** What was predicted and measured of one network, in microseconds. */
  record Pair(double predicted, double measured) {
    double error() {
      return Math.abs(predicted / measured - 1);
    }
  }

  /** The errors over some networks; all 0 over none. */
  static DeviceProfile.Error of(List<Pair> pairs) {
    if (pairs.isEmpty()) {
      return new DeviceProfile.Error(0, 0, 0, 0);
    }
    double[] errors = pairs.stream().mapToDouble(Pair::error).sorted().toArray();
    return new DeviceProfile.Error(
        pairs.size(), quantile(errors, MEDIAN), quantile(errors, P95), rankCorrelation(pairs));
  }

  /** The value that at least this share of the sorted values do not exceed. */
  private static double quantile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /** Spearman's; 0 where it is not defined. */
  static double rankCorrelation(List<Pair> pairs) {
    return RankCorrelation.of(
            pairs.stream().map(Pair::predicted).toList(),
            pairs.stream().map(Pair::measured).toList())
        .orElse(0);
  }
}
