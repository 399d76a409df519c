package io.skyline.worker.score;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * How often the magnitudes of a tensor's values fall into each of many equal bins from zero. Zeros,
 * which every calibration stores exactly, are not counted.
 */
final class Magnitudes {
  /** As TensorRT has. */
  static final int BINS = 2048;

  /** Of one sign of int8. */
  private static final int LEVELS = 128;

  /** What a level of nothing counts as: little, so that values just beyond it cost much. */
  private static final double NOTHING = 1e-4;

  private final double width;
  private final long[] counts;

  /**
   * @param largest magnitude that will be counted
   */
  Magnitudes(float largest) {
    this(largest, new long[BINS]);
  }

  /**
   * @param counts in bins of equal width from 0 to {@code largest}
   */
  Magnitudes(float largest, long[] counts) {
    this.width = (double) largest / counts.length;
    this.counts = counts;
  }

  void add(FloatBuffer values) {
    while (values.hasRemaining()) {
      double magnitude = Math.abs(values.get());
      if (magnitude > 0) {
        counts[(int) Math.min(magnitude / width, counts.length - 1)]++;
      }
    }
  }

  /**
   * A magnitude that a share of the values does not exceed, to a bin's width.
   *
   * @param share in (0, 1]
   */
  double percentile(double share) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    long within = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      within += counts[bin];
      if (within >= share * all) {
        return (bin + 1) * width;
      }
    }
    return counts.length * width;
  }

  /** The magnitude beyond which saturating loses least information in int8. */
  double leastDivergence() {
    return leastDivergence(LEVELS);
  }

  /**
   * The magnitude beyond which values saturate so that the distribution of what remains, and that
   * of what a number of levels makes of it, diverge least (Migacz 2017, "8-bit Inference with
   * TensorRT", pages 20 to 27).
   */
  double leastDivergence(int levels) {
    int best = counts.length;
    double least = Double.POSITIVE_INFINITY;
    long beyond = 0;
    long all = Arrays.stream(counts).sum();
    // where most saturate, nothing is left that could diverge
    for (int kept = counts.length; kept >= levels && 2 * beyond <= all; kept--) {
      double divergence = divergence(kept, beyond, levels);
      if (divergence < least) {
        least = divergence;
        best = kept;
      }
      beyond += counts[kept - 1];
    }
    return best * width;
  }

  /**
   * Kullback and Leibler's divergence of the first bins, the last of which takes in all beyond,
   * from the same bins (without those beyond) shared out evenly among the occupied ones of each
   * level.
   */
  private double divergence(int kept, long beyond, int levels) {
    double all = beyond;
    double inside = 0;
    for (int bin = 0; bin < kept; bin++) {
      all += counts[bin];
      inside += counts[bin];
    }
    double divergence = 0;
    for (int level = 0; level < levels; level++) {
      int from = (int) ((long) level * kept / levels);
      int to = (int) ((long) (level + 1) * kept / levels);
      double sum = 0;
      int occupied = 0;
      for (int bin = from; bin < to; bin++) {
        sum += counts[bin];
        occupied += saturated(bin, kept, beyond) > 0 ? 1 : 0;
      }
      for (int bin = from; bin < to; bin++) {
        double p = saturated(bin, kept, beyond) / all;
        if (p > 0) {
          divergence += p * Math.log(p / (Math.max(sum, NOTHING) / occupied / inside));
        }
      }
    }
    return divergence;
  }

  private double saturated(int bin, int kept, long beyond) {
    return bin == kept - 1 ? (double) counts[bin] + beyond : counts[bin];
  }
}
