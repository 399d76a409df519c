package io.skyline.worker.train;

import io.skyline.recipe.ClassWeights;

/** How much an example counts by its class; over the examples, 1 on average. */
final class ClassShares {
  private ClassShares() {}

  /**
   * One weight for each class.
   *
   * @param labels of the training examples
   * @throws IllegalArgumentException if there are not as many given weights as classes, or if no
   *     example counts
   */
  static double[] of(ClassWeights weights, int[] labels, int classes) {
    double[] shares = new double[classes];
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    if (weights instanceof ClassWeights.Given given && given.weights().size() != classes) {
      throw new IllegalArgumentException(
          "class_weights has %d numbers, but there are %d classes"
              .formatted(given.weights().size(), classes));
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      if (weights instanceof ClassWeights.Given given) {
        shares[c] = given.weights().get(c);
      } else if (weights instanceof ClassWeights.Balanced) {
        shares[c] = counts[c] == 0 ? 0 : 1.0 / counts[c];
      } else {
        shares[c] = 1;
      }
      sum += shares[c] * counts[c];
    }
    if (labels.length > 0 && sum == 0) {
      throw new IllegalArgumentException("class_weights leaves no training example that counts");
    }
    for (int c = 0; c < classes && labels.length > 0; c++) {
      shares[c] *= labels.length / sum;
    }
    return shares;
  }
}
