package io.skyline.worker.hashing;

import io.skyline.worker.network.HalfFloat;

/**
 * The kernels of one shape whose frequencies are those of {@link Buckets}: between them, their
 * values, and any kernel.
 *
 * <p>Values are rounded so that they can be told from the kernel's floats again: to half precision,
 * and to whole multiples of 2^-{@value #DEPTH} of the power of two below the largest. A float of
 * the kernel is off by 2^-24 of itself; so is, at most, a frequency by 2^-24 of the root of the
 * window's places times the largest value, less than half such a multiple for windows of 32 x 32.
 *
 * <p>For one thread: it keeps space for a window.
 */
public final class HashedKernel {
  /** Bits below the highest one of the largest value. */
  private static final int DEPTH = 16;

  private final KernelShape shape;
  private final int[] codes;
  private final int[] places;
  private final CosineTransform transform;
  private final double[] window;
  private final double[] frequencies;

  /**
   * Prepares for a shape.
   *
   * @param keptPerMille values for every thousand weights, 1 to 999
   */
  public HashedKernel(KernelShape shape, int keptPerMille) {
    Buckets buckets = new Buckets(shape, keptPerMille);
    this.shape = shape;
    codes = new int[shape.size()];
    places = new int[buckets.values()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = buckets.code(i);
      places[codes[i] >> 1]++;
    }
    transform = new CosineTransform(shape.height(), shape.width());
    window = new double[shape.taps()];
    frequencies = new double[shape.taps()];
  }

  /** How many values a kernel has. */
  public int values() {
    return places.length;
  }

  /** Which value a place takes. */
  public int bucket(int index) {
    return codes[index] >> 1;
  }

  /** The kernel of some values. */
  public float[] kernel(float[] values) {
    float[] kernel = new float[codes.length];
    int taps = shape.taps();
    for (int at = 0; at < kernel.length; at += taps) {
      for (int t = 0; t < taps; t++) {
        double value = values[codes[at + t] >> 1];
        frequencies[t] = (codes[at + t] & 1) == 0 ? value : -value;
      }
      transform.inverse(frequencies, window);
      for (int t = 0; t < taps; t++) {
        kernel[at + t] = (float) window[t] + 0f; // one zero of both
      }
    }
    return kernel;
  }

  /**
   * The values of the nearest kernel: of each bucket the mean of its frequencies, without their
   * signs; of the gradient by a kernel, that by the values but for the number of their places. 0
   * where a bucket has no place.
   */
  public double[] means(float[] kernel) {
    double[] sums = new double[places.length];
    int taps = shape.taps();
    for (int at = 0; at < kernel.length; at += taps) {
      for (int t = 0; t < taps; t++) {
        window[t] = kernel[at + t];
      }
      transform.forward(window, frequencies);
      for (int t = 0; t < taps; t++) {
        int code = codes[at + t];
        sums[code >> 1] += (code & 1) == 0 ? frequencies[t] : -frequencies[t];
      }
    }
    return divided(sums);
  }

  /** Of each bucket the mean of what its places hold. */
  public double[] heldMeans(float[] held) {
    double[] sums = new double[places.length];
    for (int i = 0; i < held.length; i++) {
      sums[codes[i] >> 1] += held[i];
    }
    return divided(sums);
  }

  private double[] divided(double[] sums) {
    for (int b = 0; b < sums.length; b++) {
      sums[b] = places[b] == 0 ? 0 : sums[b] / places[b];
    }
    return sums;
  }

  /** Gives each place its bucket's value. */
  public void spread(double[] values, float[] held) {
    for (int i = 0; i < held.length; i++) {
      held[i] = (float) values[codes[i] >> 1];
    }
  }

  /** The values as they can be stored; those that are no numbers stay as they are. */
  public static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    float largest = 0;
    for (int b = 0; b < rounded.length; b++) {
      float value = (float) values[b];
      rounded[b] = Float.isFinite(value) ? HalfFloat.round(value) + 0f : value;
      largest = Math.max(largest, Math.abs(rounded[b])); // NaN if one is
    }
    if (largest > 0 && Float.isFinite(largest)) {
      double step = Math.scalb(1.0, Math.getExponent(largest) - DEPTH);
      for (int b = 0; b < rounded.length; b++) {
        double multiple = Math.rint(values[b] / step);
        boolean finer = Math.abs(multiple) < 1 << 11; // half precision has a finer step there
        rounded[b] = finer ? HalfFloat.round((float) (multiple * step)) + 0f : rounded[b];
      }
    }
    return rounded;
  }
}
