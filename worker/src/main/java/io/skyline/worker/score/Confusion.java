package io.skyline.worker.score;

import io.skyline.worker.train.DivergedException;

/**
 * How often each class was taken for each: row the true class, column the predicted one.
 *
 * @param counts classes x classes
 */
@SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
record Confusion(long[][] counts) {
  /**
   * Counts the classes of the highest probability; of equal ones the first wins.
   *
   * @param probabilities {@code examples x classes}
   * @throws DivergedException if one is not a number
   */
  static Confusion of(float[] probabilities, int[] labels, int classes) {
    long[][] counts = new long[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      int best = i * classes;
      for (int j = i * classes; j < (i + 1) * classes; j++) {
        if (!Float.isFinite(probabilities[j])) {
          throw new DivergedException("the model gives probabilities that are no numbers");
        }
        if (probabilities[j] > probabilities[best]) {
          best = j;
        }
      }
      counts[labels[i]][best - i * classes]++;
    }
    return new Confusion(counts);
  }

  /** The share that was told right. */
  double accuracy() {
    long right = 0;
    long all = 0;
    for (int c = 0; c < counts.length; c++) {
      right += counts[c][c];
      all += sum(counts[c]);
    }
    return (double) right / all;
  }

  /**
   * The mean of the classes' F1, 2 tp / (2 tp + fp + fn), over the classes that occur in the
   * examples or among the predictions.
   */
  double macroF1() {
    double total = 0;
    int occurring = 0;
    for (int c = 0; c < counts.length; c++) {
      long predicted = 0;
      for (long[] row : counts) {
        predicted += row[c];
      }
      long either = sum(counts[c]) + predicted;
      if (either > 0) {
        total += 2.0 * counts[c][c] / either;
        occurring++;
      }
    }
    return total / occurring;
  }

  private static long sum(long[] row) {
    long sum = 0;
    for (long count : row) {
      sum += count;
    }
    return sum;
  }
}
