package io.skyline.worker.data;

import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.network.Normalization;
import java.util.SplittableRandom;

/**
 * Examples in batches of normalised floats, channel by channel, row by row.
 *
 * <p>Training draws a new order and new changes of the images each epoch, from (seed, epoch) alone,
 * and drops the tail that fills no batch; prediction takes every example in its order.
 */
public final class Batches {
  private final Examples examples;
  private final Augmentation augmentation;
  private final Augmenter augmenter;
  private final int batch;
  private final int length;
  private final long seed;
  private final int[] order;
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
    this.augmenter = new Augmenter(examples, normalization, augmentation);
    this.batch = batch;
    this.length = Math.toIntExact(examples.shape().elements());
    this.seed = seed;
    this.order = new int[examples.count()];
    this.random = new SplittableRandom(seed);
  }

  /** Whole batches in an epoch. */
  public int perEpoch() {
    return examples.count() / batch;
  }

  /** A batch for {@link #fill}. */
  public TrainingBatch empty() {
    return new TrainingBatch(batch, examples.shape());
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
   */
  public void fill(int index, TrainingBatch into) {
    for (int i = 0; i < batch; i++) {
      int example = order[index * batch + i];
      into.examples()[i] = example;
      augmenter.write(example, into.images(), i * length, random);
    }
    if (augmentation.mixup() > 0) {
      into.mix((float) BetaDraw.draw(augmentation.mixup(), random));
    } else {
      into.leaveUnmixed();
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
      augmenter.copy(from + i, images, i * length);
    }
    java.util.Arrays.fill(images, count * length, batch * length, 0f);
    return count;
  }
}
