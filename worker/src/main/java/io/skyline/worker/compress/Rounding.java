package io.skyline.worker.compress;

import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/** Moves weights to the nearest floats of few bits. */
final class Rounding {
  private static final int MANTISSA = 23;

  private Rounding() {}

  /** How a float is rounded. */
  @FunctionalInterface
  interface Rule {
    float round(float number);
  }

  /** The network with rounded kernels and biases. */
  static Network of(Network network, Rule rule) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    network
        .weights()
        .tensors()
        .forEach(
            (key, values) -> {
              boolean stored = key.endsWith(".kernel") || key.endsWith(".bias");
              tensors.put(key, stored ? round(values, rule) : values);
            });
    return new Network(network.architecture(), new Weights(tensors), network.normalization());
  }

  private static float[] round(float[] values, Rule rule) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = rule.round(values[i]);
    }
    return rounded;
  }

  /**
   * The nearest float that has zeros after some bits of its mantissa; of two equally near ones that
   * with an even last bit.
   *
   * @param bits 1 to 22
   */
  static float mantissa(float number, int bits) {
    int dropped = MANTISSA - bits;
    int raw = Float.floatToRawIntBits(number);
    int odd = raw >>> dropped & 1;
    int rounded = raw + (1 << dropped - 1) - 1 + odd >>> dropped << dropped;
    float nearest = Float.intBitsToFloat(rounded);
    // beyond the largest float there is none
    return Float.isFinite(nearest) ? nearest : Float.intBitsToFloat(raw >>> dropped << dropped);
  }
}
