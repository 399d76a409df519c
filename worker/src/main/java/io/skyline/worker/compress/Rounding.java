package io.skyline.worker.compress;

import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.HalfFloat;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/** Moves weights to the nearest numbers that an encoding can store. */
enum Rounding {
  /** Kernels and biases to IEEE half precision. */
  HALF {
    @Override
    float[] round(Parameter parameter, float[] values) {
      if (!parameter.name().equals("kernel") && !parameter.name().equals("bias")) {
        return values;
      }
      float[] rounded = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        rounded[i] = HalfFloat.round(values[i]);
      }
      return rounded;
    }
  },

  /**
   * Kernels to a grid per output channel: whole multiples, up to {@link
   * Encoding.Int8#KERNEL_LIMIT}, of the channel's largest magnitude divided by that limit.
   */
  INT8 {
    @Override
    float[] round(Parameter parameter, float[] values) {
      if (!parameter.name().equals("kernel")) {
        return values;
      }
      float[] rounded = new float[values.length];
      int fan = values.length / parameter.dimensions().get(0);
      for (int from = 0; from < values.length; from += fan) {
        float largest = 0;
        for (int i = from; i < from + fan; i++) {
          largest = Math.max(largest, Math.abs(values[i]));
        }
        double scale = (double) largest / Encoding.Int8.KERNEL_LIMIT;
        for (int i = from; i < from + fan && scale > 0; i++) {
          rounded[i] = (float) (Math.rint(values[i] / scale) * scale);
        }
      }
      return rounded;
    }
  };

  abstract float[] round(Parameter parameter, float[] values);

  /** The network with rounded weights. */
  Network of(Network network) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : network.architecture().nodes()) {
      for (Parameter parameter : network.architecture().parameters(node)) {
        float[] values = network.weights().get(node, parameter.name());
        tensors.put(Weights.key(node, parameter.name()), round(parameter, values));
      }
    }
    return new Network(network.architecture(), new Weights(tensors), network.normalization());
  }
}
