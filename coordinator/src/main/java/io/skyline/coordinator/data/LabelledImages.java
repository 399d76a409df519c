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
public record LabelledImages(Shape shape, byte[] pixels, int[] labels) implements SplitExamples {
  public LabelledImages {
    if (pixels.length != labels.length * shape.elements()) {
      throw new IllegalArgumentException(
          pixels.length + " bytes are not " + labels.length + " images of " + shape);
    }
  }

  @Override
  public int count() {
    return labels.length;
  }

  @Override
  public boolean areFloats() {
    return false;
  }

  @Override
  public int label(int example) {
    return labels[example];
  }

  @Override
  public float target(int example) {
    return 0;
  }

  @Override
  public void read(int example, byte[] into) {
    int stride = Math.toIntExact(shape.elements());
    System.arraycopy(pixels, example * stride, into, 0, stride);
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
