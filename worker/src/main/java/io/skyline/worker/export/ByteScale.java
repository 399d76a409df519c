package io.skyline.worker.export;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.FakeQuantization;
import io.skyline.worker.network.Normalization;
import java.util.Map;

/**
 * What a stored byte means: (byte - zero) x scale.
 *
 * @param scale positive
 * @param zero 0 to 255
 */
public record ByteScale(float scale, int zero) {
  private static final int LEVELS = FakeQuantization.LEVELS;
  private static final double SMALLEST_SCALE = 1e-12;

  /**
   * Of the values of a node, or of the input: where all channels share one normalisation, raw
   * pixels are bytes already; their mean becomes the zero point, their deviation the scale.
   *
   * @param ranges by nodes' names
   * @throws IllegalArgumentException if no range is known
   */
  public static ByteScale of(
      String source, Normalization normalization, Map<String, Encoding.Range> ranges) {
    InputNormalization input = new InputNormalization(normalization);
    if (source.equals(Architecture.INPUT) && input.isUniform()) {
      int mean = Math.min(Math.max(Math.round(input.mean(0)), 0), LEVELS);
      return new ByteScale(input.scale(0), mean);
    }
    Encoding.Range range = ranges.get(source);
    if (range == null) {
      throw new IllegalArgumentException("no range of values is known for '" + source + "'");
    }
    return of(range);
  }

  /** Zero must be one of the levels: padding and ReLU give it exactly. */
  private static ByteScale of(Encoding.Range range) {
    double low = Math.min(range.low(), 0);
    double high = Math.max(range.high(), 0);
    float scale = high == low ? 1f : (float) Math.max((high - low) / LEVELS, SMALLEST_SCALE);
    return new ByteScale(scale, (int) Math.min(Math.rint(-low / scale), LEVELS));
  }
}
