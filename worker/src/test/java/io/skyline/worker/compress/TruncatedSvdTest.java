package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TruncatedSvdTest {
  private static double[][] drawn(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return matrix;
  }

  private static double squaredError(double[][] matrix, TruncatedSvd svd) {
    double error = 0;
    int columns = matrix[0].length;
    for (int row = 0; row < matrix.length; row++) {
      for (int column = 0; column < columns; column++) {
        double product = 0;
        for (int r = 0; r < svd.left()[row].length; r++) {
          product += svd.left()[row][r] * svd.right()[r * columns + column];
        }
        error += Math.pow(matrix[row][column] - product, 2);
      }
    }
    return error;
  }

  /** Squares of the singular values, the least first, by another way: the Gram matrix. */
  private static double[] squaredValues(double[][] matrix) {
    int rows = matrix.length;
    DMatrixRMaj gram = new DMatrixRMaj(rows, rows);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        double product = 0;
        for (int k = 0; k < matrix[0].length; k++) {
          product += matrix[i][k] * matrix[j][k];
        }
        gram.set(i, j, product);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(rows, false, true);
    assertThat(eigen.decompose(gram)).isTrue();
    double[] values = new double[rows];
    Arrays.setAll(values, i -> eigen.getEigenvalue(i).real);
    Arrays.sort(values);
    return values;
  }

  @Property(tries = 100)
  void noProductOfTheRankIsNearer(
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 20) int columns,
      @ForAll @IntRange(min = 1, max = 20) int rank,
      @ForAll long seed) {
    int kept = Math.min(rank, Math.min(rows, columns));
    double[][] matrix = drawn(rows, columns, seed);
    double[] squares = squaredValues(matrix);
    double least = Arrays.stream(squares, 0, rows - kept).sum();
    // Eckart and Young: the squares of the singular values that are left out
    assertThat(squaredError(matrix, TruncatedSvd.of(matrix, kept))).isCloseTo(least, within(1e-4));
  }

  @Test
  void factorsShareTheSingularValuesEvenly() {
    TruncatedSvd svd = TruncatedSvd.of(new double[][] {{0, 9, 0}, {0, 0, -4}}, 2);
    assertThat(Math.abs(svd.left()[0][0])).isCloseTo(3, within(1e-9));
    assertThat(Math.abs(svd.right()[1])).isCloseTo(3, within(1e-6f));
    assertThat(Math.abs(svd.left()[1][1])).isCloseTo(2, within(1e-9));
    assertThat(Math.abs(svd.right()[5])).isCloseTo(2, within(1e-6f));
  }

  @Test
  void aMatrixOfZerosHasFactorsOfZeros() {
    TruncatedSvd svd = TruncatedSvd.of(new double[3][5], 2);
    assertThat(svd.right()).hasSize(10);
    for (float value : svd.right()) {
      assertThat(Math.abs(value)).isEqualTo(0f);
    }
    assertThat(squaredError(new double[3][5], svd)).isZero();
  }

  @Test
  @Tag("full")
  void aLargeKernelTakesSeconds() {
    double[][] matrix = drawn(512, 4608, 3);
    Assertions.assertTimeout(Duration.ofSeconds(60), () -> TruncatedSvd.of(matrix, 128));
  }
}
