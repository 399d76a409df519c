package io.skyline.worker.compress;

import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of one layer without its biases.
 *
 * @param key as {@link Weights#key}
 */
@SuppressWarnings("ArrayRecordComponent") // a view of a network, never compared
record Kernel(String key, float[] weights) {
  private static final String NAME = "kernel";

  /** Those of a network, in its order. */
  static List<Kernel> of(Network network) {
    List<Kernel> kernels = new ArrayList<>();
    for (Node node : network.architecture().nodes()) {
      for (Parameter parameter : network.architecture().parameters(node)) {
        if (parameter.name().equals(NAME)) {
          kernels.add(new Kernel(Weights.key(node, NAME), network.weights().get(node, NAME)));
        }
      }
    }
    return kernels;
  }

  /** A network with other weights for some kernels. */
  static Network replaced(Network network, List<Kernel> kernels) {
    Map<String, float[]> tensors = new LinkedHashMap<>(network.weights().tensors());
    kernels.forEach(kernel -> tensors.put(kernel.key, kernel.weights));
    return new Network(network.architecture(), new Weights(tensors), network.normalization());
  }

  /** Of the weights that are not zero; 1 if all are. */
  double rootMeanSquare() {
    double squares = 0;
    int count = 0;
    for (float weight : weights) {
      squares += (double) weight * weight;
      count += weight == 0 ? 0 : 1;
    }
    return squares == 0 ? 1 : Math.sqrt(squares / count);
  }
}
