package io.skyline.worker.network;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of a network, keyed {@code node.parameter}, in plain row-major order whatever layout
 * an engine uses: convolution kernels output x input x height x width, dense kernels output x
 * input.
 *
 * <p>The arrays are shared, not copied: whoever makes a Weights hands its arrays over.
 */
public record Weights(Map<String, float[]> tensors) {
  public Weights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** The key of a node's parameter. */
  public static String key(Node node, String parameter) {
    return node.name() + "." + parameter;
  }

  /**
   * The tensor of a node's parameter.
   *
   * @throws IllegalArgumentException if there is none
   */
  public float[] get(Node node, String parameter) {
    float[] values = tensors.get(key(node, parameter));
    if (values == null) {
      throw new IllegalArgumentException("no weights for " + key(node, parameter));
    }
    return values;
  }

  /**
   * Checks that there is a tensor of the right size for every parameter of an architecture, and no
   * other.
   *
   * @throws IllegalArgumentException naming the first that differs
   */
  public void requireFor(Architecture architecture) {
    int expected = 0;
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        int length = get(node, parameter.name()).length;
        if (length != parameter.size()) {
          throw new IllegalArgumentException(
              key(node, parameter.name()) + " has " + length + " values, not " + parameter.size());
        }
        expected++;
      }
    }
    if (tensors.size() != expected) {
      throw new IllegalArgumentException(
          tensors.size() + " tensors for an architecture of " + expected);
    }
  }
}
