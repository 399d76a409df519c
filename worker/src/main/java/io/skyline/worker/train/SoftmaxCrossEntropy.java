package io.skyline.worker.train;

/** Softmax and the cross-entropy against any targets, in double precision. */
final class SoftmaxCrossEntropy {
  private SoftmaxCrossEntropy() {}

  /**
   * The mean of {@code -targets * log softmax(logits / temperature)} over a batch.
   *
   * @param logits batch x classes
   * @param targets batch x classes, not negative; rows may have any sum
   * @param scale that the loss and its derivative are multiplied with
   * @param gradient to which the derivative by each logit is added
   */
  static double add(
      float[] logits,
      float[] targets,
      int classes,
      double temperature,
      double scale,
      float[] gradient) {
    int batch = logits.length / classes;
    double total = 0;
    double[] exponentials = new double[classes];
    for (int from = 0; from < logits.length; from += classes) {
      double largest = largest(logits, from, classes);
      double sum = 0;
      double mass = 0;
      for (int c = 0; c < classes; c++) {
        exponentials[c] = Math.exp((logits[from + c] - largest) / temperature);
        sum += exponentials[c];
        mass += targets[from + c];
      }
      double logSum = Math.log(sum);
      for (int c = 0; c < classes; c++) {
        double target = targets[from + c];
        total -= target == 0 ? 0 : target * ((logits[from + c] - largest) / temperature - logSum);
        double derivative = (mass * exponentials[c] / sum - target) / temperature;
        gradient[from + c] += (float) (scale * derivative / batch);
      }
    }
    return scale * total / batch;
  }

  /** Turns the first {@code examples} rows of logits into probabilities. */
  static void probabilities(
      float[] logits, int examples, int classes, float[] into, int intoExample) {
    for (int example = 0; example < examples; example++) {
      int from = example * classes;
      int to = (intoExample + example) * classes;
      double largest = largest(logits, from, classes);
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[from + c] - largest);
      }
      for (int c = 0; c < classes; c++) {
        into[to + c] = (float) (Math.exp(logits[from + c] - largest) / sum);
      }
    }
  }

  private static double largest(float[] values, int from, int length) {
    double largest = values[from];
    for (int i = 1; i < length; i++) {
      largest = Math.max(largest, values[from + i]);
    }
    return largest;
  }
}
