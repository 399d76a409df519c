package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;

/**
 * Images and their classes.
 *
 * @param shape of one image
 * @param pixels image after image, channel by channel, row by row, as unsigned bytes
 * @param labels class of each image
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
public record LabelledImages(Shape shape, byte[] pixels, int[] labels) {
  public LabelledImages {
    if (pixels.length != labels.length * shape.elements()) {
      throw new IllegalArgumentException(
          pixels.length + " bytes are not " + labels.length + " images of " + shape);
    }
  }

  /** How many there are. */
  public int count() {
    return labels.length;
  }

  /** The images of these positions, in this order, copied. */
  LabelledImages select(int[] positions) {
    int stride = Math.toIntExact(shape.elements());
    byte[] chosen = new byte[Math.multiplyExact(positions.length, stride)];
    int[] classes = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      System.arraycopy(pixels, positions[i] * stride, chosen, i * stride, stride);
      classes[i] = labels[positions[i]];
    }
    return new LabelledImages(shape, chosen, classes);
  }
}
