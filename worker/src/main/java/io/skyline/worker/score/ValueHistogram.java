package io.skyline.worker.score;

import io.skyline.worker.export.Encoding;
import java.nio.FloatBuffer;

/**
 * The distribution of one tensor's values over many examples, in two passes: first their extremes,
 * then how many lie where between them.
 */
final class ValueHistogram {
  private static final int BINS = 2048;

  private float low = 0;
  private float high = 0;
  private final long[] counts = new long[BINS];

  /** First pass. */
  void extend(FloatBuffer values) {
    while (values.hasRemaining()) {
      float value = values.get();
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }

  /** Second pass. */
  void count(FloatBuffer values) {
    double width = ((double) high - low) / BINS;
    while (values.hasRemaining()) {
      int bin = width > 0 ? (int) ((values.get() - low) / width) : 0 * (int) values.get();
      counts[Math.min(Math.max(bin, 0), BINS - 1)]++;
    }
  }

  /** The whole interval between the extremes and zero. */
  Encoding.Range range() {
    return new Encoding.Range(low, high);
  }
}
