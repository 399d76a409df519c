package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
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

  /**
   * The rank of a share of energy keeps it, one less does not, and neither unit nor order counts.
   */
  @Property(tries = 200)
  void theLeastRankKeepsTheShareAndOneLessDoesNot(
      @ForAll @IntRange(min = 1, max = 12) int rows,
      @ForAll @IntRange(min = 1, max = 12) int columns,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double kept,
      @ForAll long seed) {
    double[][] matrix = drawn(rows, columns, seed);
    double[] values = TruncatedSvd.values(matrix);
    assertThat(values).hasSize(Math.min(rows, columns));
    for (int i = 1; i < values.length; i++) {
      assertThat(values[i]).isLessThanOrEqualTo(values[i - 1]);
    }
    double all = 0;
    for (double[] row : matrix) {
      for (double number : row) {
        all += number * number;
      }
    }
    int rank = TruncatedSvd.leastRank(values, kept);
    // what the truncation loses is the energy that it does not keep
    assertThat(squaredError(matrix, TruncatedSvd.of(matrix, rank)))
        .isLessThanOrEqualTo((1 - kept) * all + 1e-4 * all);
    if (rank > 1) {
      assertThat(squaredError(matrix, TruncatedSvd.of(matrix, rank - 1)))
          .isGreaterThan((1 - kept) * all - 1e-4 * all);
    }
    double[] scaled = Arrays.stream(values).map(value -> 1000 * value).toArray();
    assertThat(TruncatedSvd.leastRank(scaled, kept)).isEqualTo(rank);
    assertThat(TruncatedSvd.leastRank(values, kept / 2)).isLessThanOrEqualTo(rank);
  }

  @Test
  void ranksOfEnergyOfWhatIsKnown() {
    double[] values = {3, 2, 1, 0};
    assertThat(TruncatedSvd.leastRank(values, 9 / 14.0)).isEqualTo(1);
    assertThat(TruncatedSvd.leastRank(values, 0.65)).isEqualTo(2);
    assertThat(TruncatedSvd.leastRank(values, 0.93)).isEqualTo(3);
    assertThat(TruncatedSvd.leastRank(values, 0.999999)).isEqualTo(3);
    assertThat(TruncatedSvd.leastRank(new double[5], 0.9)).isEqualTo(1);
  }
}
