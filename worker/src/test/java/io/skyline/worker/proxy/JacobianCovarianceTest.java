package io.skyline.worker.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class JacobianCovarianceTest {
  private static final double K = 1e-5;

  private static double term(double eigenvalue) {
    return -(Math.log(eigenvalue + K) + 1 / (eigenvalue + K));
  }

  @Example
  void unrelatedGradientsScoreBestAndEqualOnesWorst() {
    float[] unrelated = {1, -1, 0, 0, 0, 0, 1, -1};
    float[] equal = {1, -1, 2, 0, 2, -2, 4, 0}; // but for their length

    assertThat(JacobianCovariance.of(unrelated, 2)).isCloseTo(2 * term(1), within(1e-9));
    assertThat(JacobianCovariance.of(equal, 2)).isCloseTo(term(2) + term(0), within(1e-3));
  }

  @Example
  void twoExamplesHaveTheEigenvaluesOfTheirCorrelation() {
    // (1, -1, 0) and (1, 0, -1): correlation 1/2, eigenvalues 1.5 and 0.5
    assertThat(JacobianCovariance.of(new float[] {1, -1, 0, 1, 0, -1}, 2))
        .isCloseTo(term(1.5) + term(.5), within(1e-6));
  }

  @Example
  void deadExamplesCorrelateWithNone() {
    assertThat(JacobianCovariance.of(new float[] {0, 0, 0, 5, 5, 5}, 2))
        .isCloseTo(2 * term(1), within(1e-9));
  }

  @Property(tries = 30)
  void lengthAndOffsetOfGradientsAndTheOrderOfExamplesDoNotMatter(
      @ForAll @IntRange(min = 1, max = 12) int examples, @ForAll @IntRange(max = 1000) int seed) {
    Random random = new Random(seed);
    float[][] rows = new float[examples][40];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    float[][] changed = new float[examples][];
    for (int i = 0; i < examples; i++) {
      float[] row = rows[examples - 1 - i].clone();
      for (int k = 0; k < row.length; k++) {
        row[k] = row[k] * (1 + i) + i;
      }
      changed[i] = row;
    }

    double score = JacobianCovariance.of(joined(rows), examples);

    assertThat(JacobianCovariance.of(joined(changed), examples))
        .isCloseTo(score, within(1e-3 * Math.abs(score)));
    assertThat(score).isLessThanOrEqualTo(examples * term(1) + 1e-9);
  }

  @Property(tries = 30)
  void eigenvaluesHaveTheTraceAndTheNormOfTheMatrix(
      @ForAll @IntRange(min = 1, max = 30) int size, @ForAll @IntRange(max = 1000) int seed) {
    Random random = new Random(seed);
    double[][] matrix = new double[size][size];
    double trace = 0;
    double squares = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = random.nextGaussian();
        matrix[j][i] = matrix[i][j];
        squares += matrix[i][j] * matrix[i][j] * (i == j ? 1 : 2);
      }
      trace += matrix[i][i];
    }

    double[] values = SymmetricEigenvalues.of(matrix);

    assertThat(Arrays.stream(values).sum()).isCloseTo(trace, within(1e-9));
    assertThat(Arrays.stream(values).map(v -> v * v).sum()).isCloseTo(squares, within(1e-8));
  }

  private static float[] joined(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
    }
    return all;
  }
}
