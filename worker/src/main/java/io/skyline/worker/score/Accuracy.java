package io.skyline.worker.score;

import io.skyline.scorecard.Measurement;
import io.skyline.worker.data.Examples;
import io.skyline.worker.train.DivergedException;

/** The share of examples that a model classifies correctly. */
public final class Accuracy {
  private Accuracy() {}

  /**
   * Runs a model on examples.
   *
   * @throws DivergedException if a probability is not a number
   * @throws IllegalArgumentException if there are no examples
   */
  public static Measurement of(ModelSession model, Examples examples) {
    return of(model.predict(examples), examples.labels(), model.classes());
  }

  /** The same from {@code examples x classes} probabilities; of equal ones the first class wins. */
  public static Measurement of(float[] probabilities, int[] labels, int classes) {
    if (labels.length == 0) {
      throw new IllegalArgumentException("no examples to measure accuracy on");
    }
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      int best = i * classes;
      for (int j = i * classes; j < (i + 1) * classes; j++) {
        if (!Float.isFinite(probabilities[j])) {
          throw new DivergedException("the exported model gives probabilities that are no numbers");
        }
        if (probabilities[j] > probabilities[best]) {
          best = j;
        }
      }
      if (best - i * classes == labels[i]) {
        correct++;
      }
    }
    return Measurement.exact((double) correct / labels.length);
  }
}
