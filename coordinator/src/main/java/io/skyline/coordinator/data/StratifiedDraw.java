package io.skyline.coordinator.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws disjoint parts of a labelled set without replacement, each with the set's class shares.
 *
 * <p>Every part comes in random order, so that its beginning is a fair sample too. The same labels,
 * seed and sizes give the same parts on every platform: {@link Random}'s sequence is specified.
 */
final class StratifiedDraw {
  private StratifiedDraw() {}

  /**
   * Positions of each part, and of what remains as the last element.
   *
   * @param classes labels lie in 0 to {@code classes - 1}
   * @param sizes of the parts; together at most the number of labels
   */
  static List<int[]> draw(int[] labels, int classes, long seed, int... sizes) {
    int[] order = shuffled(labels.length, seed);
    List<int[]> parts = new ArrayList<>();
    for (int size : sizes) {
      int[] quota = quotas(labels, order, classes, size);
      int[] part = new int[size];
      int[] rest = new int[order.length - size];
      int taken = 0;
      int left = 0;
      for (int position : order) {
        if (quota[labels[position]]-- > 0) {
          part[taken++] = position;
        } else {
          rest[left++] = position;
        }
      }
      parts.add(part);
      order = rest;
    }
    parts.add(order);
    return parts;
  }

  /** How many of each class make {@code size}, by largest remainder. */
  private static int[] quotas(int[] labels, int[] positions, int classes, int size) {
    long[] counts = new long[classes];
    for (int position : positions) {
      counts[labels[position]]++;
    }
    int[] quota = new int[classes];
    for (int c = 0; c < classes; c++) {
      quota[c] = (int) (counts[c] * size / positions.length);
    }
    int missing = size - Arrays.stream(quota).sum();
    IntStream.range(0, classes)
        .boxed()
        .sorted(Comparator.comparing(c -> -(counts[c] * size % positions.length)))
        .limit(missing)
        .forEach(c -> quota[c]++);
    return quota;
  }

  private static int[] shuffled(int count, long seed) {
    int[] order = IntStream.range(0, count).toArray();
    Random random = new Random(seed);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
