package io.skyline.worker.hashing;

/**
 * The orthonormal two-dimensional DCT-II of a window and its inverse, in row-major order. Sums of
 * doubles in a fixed order over {@link StrictMath}'s cosines: the same bits on every machine.
 */
final class CosineTransform {
  private final double[][] rows;
  private final double[][] columns;
  private final double[] half;

  CosineTransform(int height, int width) {
    rows = basis(height);
    columns = basis(width);
    half = new double[height * width];
  }

  /** Of each frequency its values at the places of a window of n. */
  private static double[][] basis(int n) {
    double[][] basis = new double[n][n];
    for (int u = 0; u < n; u++) {
      double scale = StrictMath.sqrt((u == 0 ? 1.0 : 2.0) / n);
      for (int x = 0; x < n; x++) {
        basis[u][x] = scale * StrictMath.cos(StrictMath.PI * ((2 * x + 1) * u) / (2 * n));
      }
    }
    return basis;
  }

  /** The frequencies of a window. */
  void forward(double[] window, double[] frequencies) {
    int width = columns.length;
    for (int x = 0; x < rows.length; x++) {
      for (int v = 0; v < width; v++) {
        double sum = 0;
        for (int y = 0; y < width; y++) {
          sum += columns[v][y] * window[x * width + y];
        }
        half[x * width + v] = sum;
      }
    }
    for (int u = 0; u < rows.length; u++) {
      for (int v = 0; v < width; v++) {
        double sum = 0;
        for (int x = 0; x < rows.length; x++) {
          sum += rows[u][x] * half[x * width + v];
        }
        frequencies[u * width + v] = sum;
      }
    }
  }

  /** The window of frequencies. */
  void inverse(double[] frequencies, double[] window) {
    int width = columns.length;
    for (int x = 0; x < rows.length; x++) {
      for (int v = 0; v < width; v++) {
        double sum = 0;
        for (int u = 0; u < rows.length; u++) {
          sum += rows[u][x] * frequencies[u * width + v];
        }
        half[x * width + v] = sum;
      }
    }
    for (int x = 0; x < rows.length; x++) {
      for (int y = 0; y < width; y++) {
        double sum = 0;
        for (int v = 0; v < width; v++) {
          sum += columns[v][y] * half[x * width + v];
        }
        window[x * width + y] = sum;
      }
    }
  }
}
