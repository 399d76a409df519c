package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Examples with what is to be said of them: a class, or a number. Their values are raw: 0..255 for
 * pixels, whatever the user's table holds for features; in memory or, if they are too many, in a
 * file. Immutable by agreement.
 */
public final class Examples {
  private final Shape shape;
  private final RawValues values;
  private final int[] labels;
  private final float @Nullable [] targets;

  private Examples(Shape shape, RawValues values, int[] labels, float @Nullable [] targets) {
    this.shape = shape;
    this.values = values;
    this.labels = labels;
    this.targets = targets;
  }

  /**
   * Images in memory.
   *
   * @param shape of one example
   * @param pixels example-major, {@code count * shape.elements()} unsigned bytes
   * @param labels class index of each example
   */
  public Examples(Shape shape, byte[] pixels, int[] labels) {
    this(shape, new RawValues.Bytes(pixels, length(shape)), labels, null);
    require(pixels.length, labels.length, shape);
  }

  /**
   * Numbers in memory.
   *
   * @param values example-major, {@code count * shape.elements()}
   * @param labels class index of each example
   */
  public Examples(Shape shape, float[] values, int[] labels) {
    this(shape, new RawValues.Floats(values, length(shape)), labels, null);
    require(values.length, labels.length, shape);
  }

  /**
   * Numbers in memory to predict a number from.
   *
   * @param values example-major, {@code count * shape.elements()}
   * @param targets the number of each example
   */
  public Examples(Shape shape, float[] values, float[] targets) {
    this(shape, new RawValues.Floats(values, length(shape)), new int[targets.length], targets);
    require(values.length, targets.length, shape);
  }

  /** A prepared split, checked by its reader. */
  static Examples of(Shape shape, RawValues values, int[] labels, float @Nullable [] targets) {
    return new Examples(shape, values, labels, targets);
  }

  private static int length(Shape shape) {
    return Math.toIntExact(shape.elements());
  }

  private static void require(int values, int count, Shape shape) {
    if (values != count * shape.elements()) {
      throw new IllegalArgumentException(
          values + " values are not " + count + " examples of " + shape);
    }
  }

  /** The shape of one example. */
  public Shape shape() {
    return shape;
  }

  /** How many there are. */
  public int count() {
    return labels.length;
  }

  /** The class index of each example; 0 in regression. */
  public int[] labels() {
    return labels;
  }

  /** Whether a number is to be predicted. */
  public boolean isRegression() {
    return targets != null;
  }

  /**
   * The number of each example.
   *
   * @throws IllegalStateException unless {@link #isRegression}
   */
  public float[] targets() {
    if (targets == null) {
      throw new IllegalStateException("these examples have classes");
    }
    return targets;
  }

  /**
   * Copies the raw values of an example, channel by channel, row by row.
   *
   * @param at position in {@code into} of the first
   */
  public void read(int example, float[] into, int at) {
    values.read(example, into, at);
  }

  /** The values of images as unsigned bytes; the examples' own array if they are in memory. */
  public byte[] pixels() {
    return values instanceof RawValues.Bytes bytes
        ? bytes.values()
        : values.bytes(count(), length(shape));
  }

  /** The examples of these positions, in this order, copied into memory. */
  public Examples select(int[] positions) {
    int[] chosen = new int[positions.length];
    Arrays.setAll(chosen, i -> labels[positions[i]]);
    float[] numbers = null;
    if (targets != null) {
      numbers = new float[positions.length];
      for (int i = 0; i < positions.length; i++) {
        numbers[i] = targets[positions[i]];
      }
    }
    return new Examples(shape, values.select(positions), chosen, numbers);
  }

  /**
   * These examples and, after them, others of the same shape; nothing is copied.
   *
   * @throws IllegalArgumentException if their shape is another or one predicts numbers
   */
  public Examples followedBy(Examples others) {
    if (!others.shape.equals(shape) || targets != null || others.targets != null) {
      throw new IllegalArgumentException(others.shape + " cannot follow " + shape);
    }
    int[] all = Arrays.copyOf(labels, count() + others.count());
    System.arraycopy(others.labels, 0, all, count(), others.count());
    RawValues joined = new RawValues.Joined(values, count(), others.values, length(shape));
    return new Examples(shape, joined, all, null);
  }

  /** At most so many examples, spread evenly over these, copied into memory. */
  public Examples spread(int most) {
    int[] positions = new int[Math.min(most, count())];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = Math.toIntExact((long) i * count() / positions.length);
    }
    return select(positions);
  }

  /**
   * Examples {@code from} (inclusive) to {@code to} (exclusive), copied into memory unless they are
   * just those that others follow.
   */
  public Examples slice(int from, int to) {
    if (from == 0 && values instanceof RawValues.Joined joined && joined.count() == to) {
      return new Examples(shape, joined.first(), Arrays.copyOf(labels, to), null);
    }
    return select(RawValues.range(from, to));
  }
}
