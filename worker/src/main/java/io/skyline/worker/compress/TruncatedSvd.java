package io.skyline.worker.compress;

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
  /**
   * Decomposes.
   *
   * @param rank at most the matrix's smaller extent
   * @throws ArithmeticException if it does not converge, as with numbers that are not finite
   */
  static TruncatedSvd of(double[][] matrix, int rank) {
    int rows = matrix.length;
    int columns = matrix[0].length;
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(rows, columns, true, true, true);
    if (!svd.decompose(new DMatrixRMaj(matrix))) {
      throw new ArithmeticException("a singular value decomposition did not converge");
    }
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
