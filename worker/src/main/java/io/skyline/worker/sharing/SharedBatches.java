package io.skyline.worker.sharing;

import java.util.SplittableRandom;

/**
 * Which training examples each step of shared weights sees: the steps take turns through an endless
 * sequence of epochs, each in an order of its own. A function of the seed.
 *
 * @param count of examples
 * @param batch examples in a batch, at most as many as there are
 * @param batches of each step
 * @param seed of the search
 */
public record SharedBatches(int count, int batch, int batches, long seed) {
  private static final long ODD = 0x9E3779B97F4A7C15L;

  public SharedBatches {
    if (batch < 1 || batch > count || batches < 1) {
      throw new IllegalArgumentException(
          batches + " batches of " + batch + " out of " + count + " examples");
    }
  }

  /**
   * The examples of a step, from 1: {@code batches * batch} positions, of which two are the same
   * only where an epoch ends within the step.
   */
  public int[] of(long step) {
    int perEpoch = count / batch;
    int[] positions = new int[Math.multiplyExact(batches, batch)];
    long epoch = -1;
    int[] order = {};
    for (int i = 0; i < batches; i++) {
      long number = (step - 1) * batches + i;
      if (number / perEpoch != epoch) {
        epoch = number / perEpoch;
        order = drawn(count, count, seed + ODD * (epoch + 1));
      }
      System.arraycopy(order, (int) (number % perEpoch) * batch, positions, i * batch, batch);
    }
    return positions;
  }

  /** So many of the first numbers from 0, in random order (Fisher-Yates). */
  static int[] drawn(int most, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    for (int i = 0; i < Math.min(most, count - 1); i++) {
      int j = i + random.nextInt(count - i);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return java.util.Arrays.copyOf(order, Math.min(most, count));
  }

  /** The validation examples on which the reward of a step is taken, in random order. */
  public static int[] validation(int most, int count, long seed, long step) {
    return drawn(most, count, ~seed + ODD * step);
  }
}
