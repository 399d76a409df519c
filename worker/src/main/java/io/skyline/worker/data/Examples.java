package io.skyline.worker.data;

import io.skyline.architecture.Shape;

/**
 * Labelled examples in memory as unsigned bytes, channel by channel, row by row; immutable by
 * agreement.
 *
 * @param shape of one example
 * @param pixels example-major, {@code count * shape.elements()} unsigned bytes
 * @param labels class index of each example
 */
public record Examples(Shape shape, byte[] pixels, int[] labels) {
  public Examples {
    if (pixels.length != labels.length * shape.elements()) {
      throw new IllegalArgumentException(
          pixels.length + " bytes are not " + labels.length + " examples of " + shape);
    }
  }

  /** How many there are. */
  public int count() {
    return labels.length;
  }

  /** Examples {@code from} (inclusive) to {@code to} (exclusive), copied. */
  public Examples slice(int from, int to) {
    int stride = Math.toIntExact(shape.elements());
    return new Examples(
        shape,
        java.util.Arrays.copyOfRange(pixels, from * stride, to * stride),
        java.util.Arrays.copyOfRange(labels, from, to));
  }
}
