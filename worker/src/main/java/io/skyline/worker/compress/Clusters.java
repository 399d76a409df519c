package io.skyline.worker.compress;

import java.util.Arrays;

/**
 * Clusters of numbers by k-means from evenly spread centres (Lloyd 1982; Han et al. 2016, section
 * 3.2: of random, density-based and linear starts the linear one loses least, since it leaves a
 * centre near the few large weights).
 */
final class Clusters {
  private static final int MOST_ROUNDS = 100;

  private Clusters() {}

  /**
   * Each number moved to its cluster's mean; zeros stay, and count as one of the values.
   *
   * @param values how many different ones may be left
   */
  static float[] share(float[] numbers, int values) {
    float[] sorted = nonZeros(numbers);
    Arrays.sort(sorted);
    int centres = sorted.length < numbers.length ? values - 1 : values;
    if (sorted.length == 0 || centres < 1) {
      return new float[numbers.length];
    }
    float[] means = means(sorted, centres);
    float[] shared = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      shared[i] = numbers[i] == 0 ? 0 : means[nearest(means, numbers[i])];
    }
    return shared;
  }

  private static float[] nonZeros(float[] numbers) {
    float[] found = new float[numbers.length];
    int count = 0;
    for (float number : numbers) {
      if (number != 0) {
        found[count++] = number;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /**
   * The centres after convergence, ascending; fewer if the numbers have fewer different values or
   * leave centres without any.
   */
  static float[] means(float[] sorted, int count) {
    double[] prefix = new double[sorted.length + 1];
    for (int i = 0; i < sorted.length; i++) {
      prefix[i + 1] = prefix[i] + sorted[i];
    }
    double low = sorted[0];
    double high = sorted[sorted.length - 1];
    double[] centres = new double[count];
    for (int c = 0; c < count; c++) {
      centres[c] = count == 1 ? (low + high) / 2 : low + (high - low) * c / (count - 1);
    }
    int[] ends = new int[0];
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int[] next = ends(sorted, centres);
      if (Arrays.equals(next, ends)) {
        break;
      }
      ends = next;
      centres = centres(prefix, ends);
    }
    float[] means = new float[centres.length];
    for (int c = 0; c < means.length; c++) {
      means[c] = (float) centres[c];
    }
    return means;
  }

  /** Where the numbers of each centre end, halfway to the next one. */
  private static int[] ends(float[] sorted, double[] centres) {
    int[] ends = new int[centres.length];
    int at = 0;
    for (int c = 0; c < centres.length - 1; c++) {
      double border = (centres[c] + centres[c + 1]) / 2;
      while (at < sorted.length && sorted[at] <= border) {
        at++;
      }
      ends[c] = at;
    }
    ends[centres.length - 1] = sorted.length;
    return ends;
  }

  /** The means of what lies between ends; centres without numbers go. */
  private static double[] centres(double[] prefix, int[] ends) {
    double[] centres = new double[ends.length];
    int kept = 0;
    int from = 0;
    for (int end : ends) {
      if (end > from) {
        centres[kept++] = (prefix[end] - prefix[from]) / (end - from);
      }
      from = end;
    }
    return Arrays.copyOf(centres, kept);
  }

  private static int nearest(float[] means, float number) {
    int place = Arrays.binarySearch(means, number);
    if (place >= 0) {
      return place;
    }
    int above = -place - 1;
    if (above == 0) {
      return 0;
    }
    if (above == means.length) {
      return means.length - 1;
    }
    return number - means[above - 1] <= means[above] - number ? above - 1 : above;
  }
}
