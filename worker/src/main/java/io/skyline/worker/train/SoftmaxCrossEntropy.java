package io.skyline.worker.train;

/**
 * Softmax and the cross-entropy against smoothed labels (Szegedy et al. 2016, section 7), in double
 * precision.
 */
final class SoftmaxCrossEntropy {
  private SoftmaxCrossEntropy() {}

  /**
   * The mean loss of a batch.
   *
   * @param logits batch x classes
   * @param labels class of each example
   * @param smoothing share of the target spread evenly over all classes
   * @param gradient filled with the derivative of the mean loss by each logit
   */
  static double loss(
      float[] logits, int[] labels, int classes, double smoothing, float[] gradient) {
    int batch = labels.length;
    double total = 0;
    double[] exponentials = new double[classes];
    double elsewhere = smoothing / classes;
    for (int example = 0; example < batch; example++) {
      int from = example * classes;
      double largest = largest(logits, from, classes);
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        exponentials[c] = Math.exp(logits[from + c] - largest);
        sum += exponentials[c];
      }
      double logSum = Math.log(sum);
      for (int c = 0; c < classes; c++) {
        double target = elsewhere + (c == labels[example] ? 1 - smoothing : 0);
        total -= target == 0 ? 0 : target * (logits[from + c] - largest - logSum);
        gradient[from + c] = (float) ((exponentials[c] / sum - target) / batch);
      }
    }
    return total / batch;
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
