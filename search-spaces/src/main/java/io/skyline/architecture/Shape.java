package io.skyline.architecture;

/**
 * The shape of one example at one point of a network, without the batch.
 *
 * <p>A flat vector of {@code n} features is {@code n x 1 x 1}.
 *
 * @param channels feature maps, or features of a flat vector
 * @param height rows
 * @param width columns
 */
public record Shape(int channels, int height, int width) {
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new InvalidArchitectureException(
          "a shape needs positive extents, not " + channels + "x" + height + "x" + width);
    }
  }

  /** A flat vector of {@code features} numbers. */
  public static Shape flat(int features) {
    return new Shape(features, 1, 1);
  }

  /** Number of values in one example. */
  public long elements() {
    return (long) channels * height * width;
  }

  /** Whether this is a flat vector. */
  public boolean isFlat() {
    return height == 1 && width == 1;
  }

  /** Channels x height x width, as {@code 16x28x28}. */
  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
