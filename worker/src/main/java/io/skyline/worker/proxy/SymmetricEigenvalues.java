package io.skyline.worker.proxy;

/** Eigenvalues by the cyclic Jacobi method (Golub and Van Loan, "Matrix Computations", 8.5). */
final class SymmetricEigenvalues {
  /** It converges quadratically: ten sweeps do for a thousand rows. */
  private static final int MOST_SWEEPS = 50;

  private static final double SMALL = 1e-24;

  private SymmetricEigenvalues() {}

  /** Of a symmetric matrix, which is overwritten; in no order. */
  static double[] of(double[][] a) {
    int n = a.length;
    for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a) > SMALL; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          if (a[p][q] != 0) {
            rotate(a, p, q);
          }
        }
      }
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a[i][i];
    }
    return values;
  }

  private static double offDiagonal(double[][] a) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        squares += a[i][j] * a[i][j];
      }
    }
    return squares;
  }

  /** Turns rows and columns p and q so that nothing is left where they meet. */
  private static void rotate(double[][] a, int p, int q) {
    double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double tangent = Math.copySign(1, tau) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
    double cosine = 1 / Math.sqrt(1 + tangent * tangent);
    double sine = tangent * cosine;
    for (int k = 0; k < a.length; k++) {
      double p1 = a[k][p];
      double q1 = a[k][q];
      a[k][p] = cosine * p1 - sine * q1;
      a[k][q] = sine * p1 + cosine * q1;
    }
    for (int k = 0; k < a.length; k++) {
      double p1 = a[p][k];
      double q1 = a[q][k];
      a[p][k] = cosine * p1 - sine * q1;
      a[q][k] = sine * p1 + cosine * q1;
    }
  }
}
