package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.network.Normalization;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Examples in batches of normalised floats, channel by channel, row by row.
 *
 * <p>Training draws a new order and new flips and shifts each epoch, from (seed, epoch) alone, and
 * drops the tail that fills no batch; prediction takes every example in its order.
 */
public final class Batches {
  private final Examples examples;
  private final Augmentation augmentation;
  private final int batch;
  private final long seed;
  private final float[] means;
  private final float[] deviations;
  private final float[] example;
  private final int[] order;
  private final Optional<Normalization.Target> target;
  private SplittableRandom random;

  /**
   * @param augmentation of {@link #fill}; {@link #fillInOrder} leaves images as they are
   * @param batch examples in one, no more than there are if {@link #fill} is to be used
   */
  public Batches(
      Examples examples,
      Normalization normalization,
      Augmentation augmentation,
      int batch,
      long seed) {
    this.examples = examples;
    this.augmentation = augmentation;
    this.batch = batch;
    this.seed = seed;
    this.means = toArray(normalization.mean());
    this.deviations = toArray(normalization.deviation());
    this.example = new float[Math.toIntExact(examples.shape().elements())];
    this.target = normalization.target();
    this.order = new int[examples.count()];
    this.random = new SplittableRandom(seed);
  }

  private static float[] toArray(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  /** Whole batches in an epoch. */
  public int perEpoch() {
    return examples.count() / batch;
  }

  /** Draws the order of an epoch (Fisher-Yates) and restarts the augmentation's numbers. */
  public void shuffle(int epoch) {
    random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (epoch + 1L));
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /**
   * Fills a batch of the shuffled epoch with augmented images; call in the order of the batches.
   *
   * @param index from 0 to {@link #perEpoch}, exclusive
   * @param images batch x channels x height x width
   * @param labels class of each
   */
  public void fill(int index, float[] images, int[] labels) {
    for (int i = 0; i < batch; i++) {
      int example = order[index * batch + i];
      labels[i] = examples.labels()[example];
      boolean flip = augmentation.flip() && random.nextBoolean();
      int range = 2 * augmentation.shift() + 1;
      int down = range == 1 ? 0 : random.nextInt(range) - augmentation.shift();
      int right = range == 1 ? 0 : random.nextInt(range) - augmentation.shift();
      // where an axis has one place only, a shift would push everything out
      down = examples.shape().height() == 1 ? 0 : down;
      right = examples.shape().width() == 1 ? 0 : right;
      copy(example, images, i, flip, down, right);
    }
  }

  /**
   * Fills in the numbers to predict for the batch of {@link #fill}, as networks learn them: (raw -
   * mean) / deviation.
   *
   * @throws IllegalStateException if the examples have classes
   */
  public void fillTargets(int index, float[] targets) {
    Normalization.Target scale =
        target.orElseThrow(() -> new IllegalStateException("the network tells classes apart"));
    for (int i = 0; i < batch; i++) {
      targets[i] = scale.normalised(examples.targets()[order[index * batch + i]]);
    }
  }

  /**
   * Fills a batch with consecutive examples as they are; what lies beyond the last is zero.
   *
   * @param from the first example
   * @return how many examples there were
   */
  public int fillInOrder(int from, float[] images) {
    int count = Math.min(batch, examples.count() - from);
    for (int i = 0; i < count; i++) {
      copy(from + i, images, i, false, 0, 0);
    }
    int length = Math.toIntExact(examples.shape().elements());
    Arrays.fill(images, count * length, batch * length, 0f);
    return count;
  }

  private void copy(int position, float[] images, int slot, boolean flip, int down, int right) {
    examples.read(position, example, 0);
    normalise();
    Shape shape = examples.shape();
    int height = shape.height();
    int width = shape.width();
    int length = Math.toIntExact(shape.elements());
    for (int channel = 0; channel < shape.channels(); channel++) {
      float outside = (0 - means[channel]) / deviations[channel];
      for (int y = 0; y < height; y++) {
        int to = slot * length + (channel * height + y) * width;
        int sourceY = y - down;
        if (sourceY < 0 || sourceY >= height) {
          Arrays.fill(images, to, to + width, outside);
          continue;
        }
        int from = (channel * height + sourceY) * width;
        for (int x = 0; x < width; x++) {
          int shifted = x - right;
          int sourceX = flip ? width - 1 - shifted : shifted;
          boolean inside = sourceX >= 0 && sourceX < width;
          images[to + x] = inside ? example[from + sourceX] : outside;
        }
      }
    }
  }

  private void normalise() {
    int plane = example.length / means.length;
    for (int channel = 0; channel < means.length; channel++) {
      float mean = means[channel];
      float deviation = deviations[channel];
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        example[i] = (example[i] - mean) / deviation;
      }
    }
  }
}
