package io.skyline.worker.device;

import io.skyline.cost.DeviceProfile;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

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

  /** Spearman's: Pearson's correlation of the ranks. */
  static double rankCorrelation(List<Pair> pairs) {
    double[] predicted = ranks(pairs, Pair::predicted);
    double[] measured = ranks(pairs, Pair::measured);
    double mean = (pairs.size() + 1) / 2.0;
    double both = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < predicted.length; i++) {
      both += (predicted[i] - mean) * (measured[i] - mean);
      first += (predicted[i] - mean) * (predicted[i] - mean);
      second += (measured[i] - mean) * (measured[i] - mean);
    }
    return first > 0 && second > 0 ? both / Math.sqrt(first * second) : 0;
  }

  /** Ranks from 1; equal values share the mean of theirs. */
  private static double[] ranks(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    double[] values = pairs.stream().mapToDouble(value).toArray();
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double at = values[i];
      long below = Arrays.stream(values).filter(v -> v < at).count();
      long equal = Arrays.stream(values).filter(v -> v == at).count();
      ranks[i] = below + (equal + 1) / 2.0;
    }
    return ranks;
  }
}
