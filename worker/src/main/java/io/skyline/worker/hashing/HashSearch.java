package io.skyline.worker.hashing;

import java.util.Arrays;
import java.util.Optional;

/**
 * Tells of a kernel whether it is a hashed one, and how many values it has, by trying all: a wrong
 * number is refuted by the first two frequencies that should be equal and are not, of which there
 * are some among a few times the root of that number.
 */
public final class HashSearch {
  /**
   * A frequency told from floats lies this near to its value, by root of places and largest one.
   */
  private static final double TOLERANCE = 0x1p-21;

  private HashSearch() {}

  /**
   * A hashed kernel's description.
   *
   * @param keptPerMille values for every thousand weights
   * @param values that give the very floats, as half-precision numbers
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Found(int keptPerMille, float[] values) {}

  /** What gives a kernel bit for bit with the fewest values, if it is a hashed one. */
  public static Optional<Found> of(KernelShape shape, float[] kernel) {
    double[] frequencies = frequencies(shape, kernel);
    double largest = 0;
    for (double frequency : frequencies) {
      largest = Math.max(largest, Math.abs(frequency)); // NaN if one is
    }
    if (!Double.isFinite(largest)) {
      return Optional.empty();
    }
    double tolerance = TOLERANCE * Math.sqrt(shape.taps()) * largest;
    double[] values = new double[kernel.length];
    int[] seenBy = new int[kernel.length];
    for (int kept = 1; kept < 1000; kept++) {
      if (agrees(new Buckets(shape, kept), kept, frequencies, tolerance, values, seenBy)) {
        return exactly(shape, kept, kernel);
      }
    }
    return Optional.empty();
  }

  private static double[] frequencies(KernelShape shape, float[] kernel) {
    CosineTransform transform = new CosineTransform(shape.height(), shape.width());
    double[] all = new double[kernel.length];
    double[] window = new double[shape.taps()];
    double[] frequencies = new double[shape.taps()];
    for (int at = 0; at < kernel.length; at += window.length) {
      for (int t = 0; t < window.length; t++) {
        window[t] = kernel[at + t];
      }
      transform.forward(window, frequencies);
      System.arraycopy(frequencies, 0, all, at, frequencies.length);
    }
    return all;
  }

  private static boolean agrees(
      Buckets buckets,
      int kept,
      double[] frequencies,
      double tolerance,
      double[] values,
      int[] seenBy) {
    for (int i = 0; i < frequencies.length; i++) {
      int code = buckets.code(i);
      double value = (code & 1) == 0 ? frequencies[i] : -frequencies[i];
      int bucket = code >> 1;
      if (seenBy[bucket] != kept) {
        seenBy[bucket] = kept;
        values[bucket] = value;
      } else if (Math.abs(values[bucket] - value) > tolerance) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Found> exactly(KernelShape shape, int kept, float[] kernel) {
    HashedKernel hashed = new HashedKernel(shape, kept);
    float[] values = HashedKernel.rounded(hashed.means(kernel));
    // Arrays.equals tells zeros by their signs, too
    return Arrays.equals(hashed.kernel(values), kernel)
        ? Optional.of(new Found(kept, values))
        : Optional.empty();
  }
}
