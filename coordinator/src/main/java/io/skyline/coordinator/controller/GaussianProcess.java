package io.skyline.coordinator.controller;

import java.util.Arrays;
import java.util.List;

/**
 * A Gaussian process over genomes (Rasmussen and Williams, "Gaussian Processes for Machine
 * Learning", 2006), with a constant mean and a scale that have their most likely values.
 *
 * <p>All arithmetic is in one order, so that a factor that grew by observations has the bits of one
 * made at once.
 */
final class GaussianProcess {
  private static final double TINY = 1e-9;

  private final GenomeKernel.Fitted kernel;
  private final List<int[]> codes;

  /** Rows of the Cholesky factor of the similarities with noise. */
  private final double[][] factor;

  private final double[] weights;
  private final double mean;
  private final double scale;

  /**
   * @param codes of the genomes observed, at least one
   * @param values of them
   * @param known first rows of the factor, as an earlier process with this kernel had them
   */
  GaussianProcess(
      GenomeKernel.Fitted kernel, List<int[]> codes, double[] values, double[][] known) {
    this.kernel = kernel;
    this.codes = codes;
    this.factor = factor(known);
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    double[] ofOnes = solve(ones);
    double[] ofValues = solve(values);
    this.mean = sum(ofValues) / sum(ofOnes);
    this.weights = new double[values.length];
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = ofValues[i] - mean * ofOnes[i];
      squares += weights[i] * (values[i] - mean);
    }
    this.scale = Math.max(Double.MIN_NORMAL, squares / weights.length);
  }

  private double[][] factor(double[][] known) {
    double[][] rows = Arrays.copyOf(known, codes.size());
    for (int i = Math.min(known.length, rows.length); i < rows.length; i++) {
      double[] row = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        row[j] = kernel.of(codes.get(i), codes.get(j));
      }
      row[i] += kernel.noise();
      for (int j = 0; j < i; j++) {
        row[j] = (row[j] - dot(row, rows[j], j)) / rows[j][j];
      }
      row[i] = Math.sqrt(Math.max(row[i] - dot(row, row, i), TINY));
      rows[i] = row;
    }
    return rows;
  }

  private static double dot(double[] a, double[] b, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private double[] solve(double[] right) {
    double[] x = right.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - dot(factor[i], x, i)) / factor[i][i];
    }
    for (int i = x.length - 1; i >= 0; i--) {
      x[i] /= factor[i][i];
      for (int j = 0; j < i; j++) {
        x[j] -= factor[i][j] * x[i];
      }
    }
    return x;
  }

  /** Rows of the Cholesky factor, one an observation. */
  double[][] factor() {
    return factor;
  }

  /** The logarithm of the likelihood of the values, but for a constant. */
  double logLikelihood() {
    double sum = -.5 * factor.length * StrictMath.log(scale);
    for (int i = 0; i < factor.length; i++) {
      sum -= StrictMath.log(factor[i][i]);
    }
    return sum;
  }

  /** Its gradient by the kernel's parameters. */
  double[] logLikelihoodGradient() {
    double[][] inverse = inverse();
    double[] gradient = new double[kernel.parameters().length];
    for (int i = 0; i < codes.size(); i++) {
      for (int j = 0; j < i; j++) {
        double weight = weights[i] * weights[j] / scale - inverse[i][j];
        kernel.addGradient(codes.get(i), codes.get(j), weight, gradient);
      }
      kernel.addNoiseGradient(.5 * (weights[i] * weights[i] / scale - inverse[i][i]), gradient);
    }
    return gradient;
  }

  /** The lower triangle of the inverse of the similarities with noise. */
  private double[][] inverse() {
    double[][] lower = new double[factor.length][];
    double[][] inverse = new double[factor.length][];
    for (int i = 0; i < factor.length; i++) {
      double[] row = new double[i + 1];
      for (int k = 0; k < i; k++) {
        addMultiple(row, lower[k], factor[i][k]);
      }
      for (int j = 0; j < i; j++) {
        row[j] /= -factor[i][i];
      }
      row[i] = 1 / factor[i][i];
      lower[i] = row;
      inverse[i] = new double[i + 1];
    }
    for (double[] row : lower) {
      for (int i = 0; i < row.length; i++) {
        addMultiple(inverse[i], row, row[i]);
      }
    }
    return inverse;
  }

  /** Adds a multiple of another row, as far as the shorter one goes. */
  private static void addMultiple(double[] row, double[] other, double times) {
    int length = Math.min(row.length, other.length);
    for (int j = 0; j < length; j++) {
      row[j] += times * other[j];
    }
  }

  /**
   * What is foreseen of genomes, one a candidate.
   *
   * @param means of them
   * @param deviations of the function, without noise
   */
  record Forecast(double[] means, double[] deviations) {}

  /** What all observations say of candidates; quadratic in their number. */
  Forecast forecast(List<int[]> candidates) {
    int count = candidates.size();
    double[] means = new double[count];
    Arrays.fill(means, mean);
    double[] variances = new double[count];
    Arrays.fill(variances, 1);
    double[][] reduced = new double[factor.length][count];
    for (int i = 0; i < factor.length; i++) {
      double[] row = reduced[i];
      for (int c = 0; c < count; c++) {
        row[c] = kernel.of(codes.get(i), candidates.get(c));
        means[c] += weights[i] * row[c];
      }
      for (int k = 0; k < i; k++) {
        addMultiple(row, reduced[k], -factor[i][k]);
      }
      for (int c = 0; c < count; c++) {
        row[c] /= factor[i][i];
        variances[c] -= row[c] * row[c];
      }
    }
    return new Forecast(means, deviations(variances));
  }

  /**
   * The same means with the deviations that the most similar observation alone leaves, which are
   * never too small; linear in the number of observations.
   */
  Forecast outline(List<int[]> candidates) {
    double[] means = new double[candidates.size()];
    double[] variances = new double[means.length];
    for (int c = 0; c < means.length; c++) {
      double sum = mean;
      double nearest = 0;
      for (int i = 0; i < factor.length; i++) {
        double similarity = kernel.of(codes.get(i), candidates.get(c));
        sum += weights[i] * similarity;
        nearest = Math.max(nearest, similarity);
      }
      means[c] = sum;
      variances[c] = 1 - nearest * nearest / (1 + kernel.noise());
    }
    return new Forecast(means, deviations(variances));
  }

  private double[] deviations(double[] variances) {
    return Arrays.stream(variances).map(v -> Math.sqrt(Math.max(v, TINY) * scale)).toArray();
  }
}
