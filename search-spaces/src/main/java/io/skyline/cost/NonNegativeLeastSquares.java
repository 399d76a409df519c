package io.skyline.cost;

/**
 * Least squares with coefficients that are not negative, by cyclic coordinate descent on the normal
 * equations (Franc et al. 2005, "Sequential Coordinate-Wise Algorithm for the Non-negative Least
 * Squares Problem").
 */
final class NonNegativeLeastSquares {
  private static final int SWEEPS = 3_000;
  private static final double CLOSE_ENOUGH = 1e-9;

  /**
   * Of columns scaled to a length of 1: keeps columns that mean nearly the same from cancelling.
   */
  private static final double RIDGE = 1e-5;

  private NonNegativeLeastSquares() {}

  /**
   * Finds the coefficients for which the weighted rows come closest to 1.
   *
   * @param rows whose columns the coefficients belong to
   * @param weights of the rows
   * @param coefficients where to begin; filled with the solution
   */
  static void solve(double[][] rows, double[] weights, double[] coefficients) {
    int columns = coefficients.length;
    double[] length = new double[columns];
    for (double[] row : rows) {
      for (int j = 0; j < columns; j++) {
        length[j] += row[j] * row[j];
      }
    }
    for (int j = 0; j < columns; j++) {
      length[j] = length[j] > 0 ? Math.sqrt(length[j]) : 1;
    }
    double[][] gram = new double[columns][columns];
    double[] target = new double[columns];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        double value = weights[i] * rows[i][j] / length[j];
        if (value != 0) {
          target[j] += value;
          for (int k = 0; k < columns; k++) {
            gram[j][k] += value * rows[i][k] / length[k];
          }
        }
      }
    }
    double[] scaled = new double[columns];
    for (int j = 0; j < columns; j++) {
      scaled[j] = coefficients[j] * length[j];
    }
    descend(gram, target, scaled);
    for (int j = 0; j < columns; j++) {
      coefficients[j] = scaled[j] / length[j];
    }
  }

  private static void descend(double[][] gram, double[] target, double[] solution) {
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double moved = 0;
      for (int j = 0; j < solution.length; j++) {
        double rest = target[j] + gram[j][j] * solution[j];
        for (int k = 0; k < solution.length; k++) {
          rest -= gram[j][k] * solution[k];
        }
        double next = Math.max(0, rest / (gram[j][j] + RIDGE));
        moved = Math.max(moved, Math.abs(next - solution[j]));
        solution[j] = next;
      }
      if (moved < CLOSE_ENOUGH) {
        return;
      }
    }
  }
}
