package io.skyline.worker.proxy;

/**
 * How differently an untrained network reacts to changes of different examples (Mellor et al. 2020,
 * "Neural Architecture Search without Training", arXiv 2006.04647v1; {@code jacob_cov} of
 * Abdelfattah et al. 2021): minus the sum of log(v + k) + 1 / (v + k) over the eigenvalues v of the
 * correlations between the examples' gradients of the summed outputs, k = 1e-5. The higher, the
 * more unlike they are.
 */
public final class JacobianCovariance {
  private static final double K = 1e-5;

  private JacobianCovariance() {}

  /**
   * The score of a batch.
   *
   * @param gradients {@code examples x input}, row-major. An example whose gradient is the same
   *     everywhere correlates with no other
   */
  public static double of(float[] gradients, int examples) {
    double score = 0;
    for (double value : SymmetricEigenvalues.of(correlations(gradients, examples))) {
      double shifted = Math.max(value, 0) + K; // none is negative but by rounding
      score -= StrictMath.log(shifted) + 1 / shifted;
    }
    return score;
  }

  private static double[][] correlations(float[] gradients, int examples) {
    int length = gradients.length / examples;
    double[][] unit = new double[examples][];
    for (int i = 0; i < examples; i++) {
      unit[i] = standardised(gradients, i * length, length);
    }
    double[][] correlations = new double[examples][examples];
    for (int i = 0; i < examples; i++) {
      correlations[i][i] = 1;
      for (int j = 0; j < i; j++) {
        double product = 0;
        for (int k = 0; k < length; k++) {
          product += unit[i][k] * unit[j][k];
        }
        correlations[i][j] = product;
        correlations[j][i] = product;
      }
    }
    return correlations;
  }

  /** Of mean 0 and length 1; all zeros if nothing varies, or is no finite number. */
  private static double[] standardised(float[] values, int from, int length) {
    double mean = 0;
    for (int i = 0; i < length; i++) {
      mean += values[from + i] / (double) length;
    }
    double squares = 0;
    double[] result = new double[length];
    for (int i = 0; i < length; i++) {
      result[i] = values[from + i] - mean;
      squares += result[i] * result[i];
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < length; i++) {
      result[i] = norm > 0 && Double.isFinite(norm) ? result[i] / norm : 0;
    }
    return result;
  }
}
