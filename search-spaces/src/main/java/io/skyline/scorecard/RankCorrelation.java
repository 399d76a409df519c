package io.skyline.scorecard;

import java.util.List;
import java.util.OptionalDouble;

/** Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank. */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * Of pairs that belong together.
   *
   * @return -1 to 1; empty for fewer than three pairs, or if all values of a side are equal
   */
  public static OptionalDouble of(List<Double> ones, List<Double> others) {
    if (ones.size() != others.size()) {
      throw new IllegalArgumentException(ones.size() + " values beside " + others.size());
    }
    double[] a = ranks(ones);
    double[] b = ranks(others);
    double mean = (a.length - 1) / 2.0;
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - mean) * (b[i] - mean);
      squaresOfA += (a[i] - mean) * (a[i] - mean);
      squaresOfB += (b[i] - mean) * (b[i] - mean);
    }
    return a.length < 3 || squaresOfA == 0 || squaresOfB == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(product / Math.sqrt(squaresOfA * squaresOfB));
  }

  private static double[] ranks(List<Double> values) {
    double[] ranks = new double[values.size()];
    for (int i = 0; i < ranks.length; i++) {
      double below = 0;
      double equal = 0;
      for (double other : values) {
        below += other < values.get(i) ? 1 : 0;
        equal += other == values.get(i) ? 1 : 0;
      }
      ranks[i] = below + (equal - 1) / 2;
    }
    return ranks;
  }
}
