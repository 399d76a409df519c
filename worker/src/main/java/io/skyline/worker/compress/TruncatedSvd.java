package io.skyline.worker.compress;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The two factors whose product is the matrix of some rank nearest to a given one.
 *
 * @param left as many rows as the given matrix, one column for each rank
 * @param right one row for each rank, as many columns as the given matrix; row-major
 */
@SuppressWarnings("ArrayRecordComponent") // an intermediate result, never compared
record TruncatedSvd(double[][] left, float[] right) {
  private static SingularValueDecomposition_F64<DMatrixRMaj> decomposed(
      double[][] matrix, boolean vectors) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(matrix.length, matrix[0].length, vectors, vectors, true);
    if (!svd.decompose(new DMatrixRMaj(matrix))) {
      throw new ArithmeticException("a singular value decomposition did not converge");
    }
    return svd;
  }

  /**
   * The singular values of a matrix, largest first.
   *
   * @throws ArithmeticException if it does not converge, as with numbers that are not finite
   */
  static double[] values(double[][] matrix) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd = decomposed(matrix, false);
    double[] values = Arrays.copyOf(svd.getSingularValues(), svd.numberOfSingularValues());
    Arrays.sort(values);
    for (int i = 0; i < values.length / 2; i++) {
      double smaller = values[i];
      values[i] = values[values.length - 1 - i];
      values[values.length - 1 - i] = smaller;
    }
    return values;
  }

  /**
   * The least rank that keeps a share of the energy, the sum of squares; 1 of nothing but zeros.
   *
   * @param values largest first
   * @param kept in (0, 1)
   */
  static int leastRank(double[] values, double kept) {
    double all = 0;
    for (double value : values) {
      all += value * value;
    }
    double sum = 0;
    for (int rank = 1; rank < values.length; rank++) {
      sum += values[rank - 1] * values[rank - 1];
      if (sum >= kept * all) {
        return rank;
      }
    }
    return values.length;
  }

  /**
   * Decomposes.
   *
   * @param rank at most the matrix's smaller extent
   * @throws ArithmeticException if it does not converge, as with numbers that are not finite
   */
  static TruncatedSvd of(double[][] matrix, int rank) {
    int rows = matrix.length;
    int columns = matrix[0].length;
    SingularValueDecomposition_F64<DMatrixRMaj> svd = decomposed(matrix, true);
    double[] values = svd.getSingularValues();
    int[] largest =
        IntStream.range(0, svd.numberOfSingularValues())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
            .limit(rank)
            .mapToInt(Integer::intValue)
            .toArray();
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, true);
    double[][] left = new double[rows][rank];
    float[] right = new float[rank * columns];
    for (int r = 0; r < rank; r++) {
      double root = Math.sqrt(values[largest[r]]);
      for (int row = 0; row < rows; row++) {
        left[row][r] = u.get(row, largest[r]) * root;
      }
      for (int column = 0; column < columns; column++) {
        right[r * columns + column] = (float) (v.get(largest[r], column) * root);
      }
    }
    return new TruncatedSvd(left, right);
  }
}
