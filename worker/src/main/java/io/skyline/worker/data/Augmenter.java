package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.network.Normalization;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes images as floats, changed as an augmentation says: mirrored, moved, turned, cut out.
 *
 * <p>All random numbers of an image are drawn from the generator that is handed in, in a fixed
 * order, and sines come from StrictMath: the same numbers on every machine.
 */
final class Augmenter {
  private final Examples examples;
  private final Shape shape;
  private final Augmentation augmentation;
  private final float[] means;
  private final float[] deviations;
  private final float[] original;
  private final float[] turning;

  Augmenter(Examples examples, Normalization normalization, Augmentation augmentation) {
    this.examples = examples;
    this.shape = examples.shape();
    this.augmentation = augmentation;
    this.means = toArray(normalization.mean());
    this.deviations = toArray(normalization.deviation());
    this.original = new float[Math.toIntExact(shape.elements())];
    this.turning = new float[augmentation.rotation() > 0 ? original.length : 0];
  }

  private static float[] toArray(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  /** Writes an example, changed, from position {@code to} on. */
  void write(int example, float[] images, int to, SplittableRandom random) {
    // a signal runs one way
    boolean flip = augmentation.flip() && random.nextBoolean() && shape.height() > 1;
    // where an axis has one place only, a shift would push everything out
    int down = offset(random, shape.height());
    int right = offset(random, shape.width());
    read(example);
    if (turning.length == 0) {
      move(images, to, flip, down, right);
    } else {
      double degrees = augmentation.rotation() * (2 * random.nextDouble() - 1);
      move(turning, 0, flip, down, right);
      turn(StrictMath.toRadians(degrees), images, to);
    }
    if (augmentation.cutout() > 0) {
      cut(images, to, random.nextInt(shape.height()), random.nextInt(shape.width()));
    }
  }

  private int offset(SplittableRandom random, int places) {
    int range = 2 * augmentation.shift() + 1;
    int offset = range == 1 ? 0 : random.nextInt(range) - augmentation.shift();
    return places == 1 ? 0 : offset;
  }

  /** Writes an example as it is. */
  void copy(int example, float[] images, int to) {
    read(example);
    System.arraycopy(original, 0, images, to, original.length);
  }

  /** Takes the normalised values of an example. */
  private void read(int example) {
    examples.read(example, original, 0);
    int plane = original.length / means.length;
    for (int channel = 0; channel < means.length; channel++) {
      float mean = means[channel];
      float deviation = deviations[channel];
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        original[i] = (original[i] - mean) / deviation;
      }
    }
  }

  /** A raw zero, normalised. */
  private float outside(int channel) {
    return (0 - means[channel]) / deviations[channel];
  }

  private void move(float[] images, int to, boolean flip, int down, int right) {
    int height = shape.height();
    int width = shape.width();
    for (int channel = 0; channel < shape.channels(); channel++) {
      float outside = outside(channel);
      for (int y = 0; y < height; y++) {
        int row = to + (channel * height + y) * width;
        int sourceY = y - down;
        if (sourceY < 0 || sourceY >= height) {
          java.util.Arrays.fill(images, row, row + width, outside);
          continue;
        }
        int from = (channel * height + sourceY) * width;
        for (int x = 0; x < width; x++) {
          int shifted = x - right;
          int sourceX = flip ? width - 1 - shifted : shifted;
          boolean inside = sourceX >= 0 && sourceX < width;
          images[row + x] = inside ? original[from + sourceX] : outside;
        }
      }
    }
  }

  /** Turns the image in {@link #turning} counter-clockwise about its centre, bilinearly. */
  private void turn(double angle, float[] images, int to) {
    float cos = (float) StrictMath.cos(angle);
    float sin = (float) StrictMath.sin(angle);
    int height = shape.height();
    int width = shape.width();
    float middleX = (width - 1) / 2f;
    float middleY = (height - 1) / 2f;
    int plane = height * width;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float sourceX = cos * (x - middleX) - sin * (y - middleY) + middleX;
        float sourceY = sin * (x - middleX) + cos * (y - middleY) + middleY;
        int left = (int) Math.floor(sourceX);
        int top = (int) Math.floor(sourceY);
        float partX = sourceX - left;
        float partY = sourceY - top;
        for (int channel = 0; channel < shape.channels(); channel++) {
          int start = channel * plane;
          float outside = outside(channel);
          float above = row(start, top, left, partX, outside);
          float below = row(start, top + 1, left, partX, outside);
          images[to + start + y * width + x] = above + partY * (below - above);
        }
      }
    }
  }

  /** Between two neighbours of a row of the image being turned. */
  private float row(int start, int y, int left, float part, float outside) {
    int width = shape.width();
    if (y < 0 || y >= shape.height()) {
      return outside;
    }
    int from = start + y * width + left;
    float one = left >= 0 && left < width ? turning[from] : outside;
    float other = left + 1 >= 0 && left + 1 < width ? turning[from + 1] : outside;
    return one + part * (other - one);
  }

  /** Normalised zero, the data's mean, in a square around a pixel. */
  private void cut(float[] images, int to, int middleY, int middleX) {
    int side = augmentation.cutout();
    int top = Math.max(0, middleY - side / 2);
    int bottom = Math.min(shape.height(), middleY - side / 2 + side);
    int left = Math.max(0, middleX - side / 2);
    int right = Math.min(shape.width(), middleX - side / 2 + side);
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = top; y < bottom; y++) {
        int row = to + (channel * shape.height() + y) * shape.width();
        java.util.Arrays.fill(images, row + left, row + right, 0f);
      }
    }
  }
}
