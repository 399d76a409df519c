package io.skyline.worker.inherit;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.worker.network.Network;
import java.util.HashMap;
import java.util.Map;

/** What can be said of the values that pass through a trained network. */
final class Signals {
  private final Network network;
  private final Map<String, Node> nodes = new HashMap<>();

  /**
   * How a channel's values are distributed.
   *
   * @param mean of them
   * @param variance of them
   */
  record Moments(double mean, double variance) {
    static final Moments UNKNOWN = new Moments(0, 1);
  }

  Signals(Network network) {
    this.network = network;
    network.architecture().nodes().forEach(node -> nodes.put(node.name(), node));
  }

  /** Whether an activation leaves every value as it is that a node gives. */
  boolean isFixedUnder(Function function, String name) {
    Node node = nodes.get(name);
    if (node == null) {
      return false;
    }
    if (node.layer() instanceof Activation activation) {
      Function before = activation.function();
      return function == before && (function == Function.RELU || function == Function.RELU6)
          || function == Function.RELU && before == Function.RELU6;
    }
    return passes(node.layer()) && isFixedUnder(function, node.inputs().get(0));
  }

  /** Whether a layer gives averages, or a choice, of what it reads. */
  private static boolean passes(Layer layer) {
    return layer instanceof Pooling
        || layer instanceof GlobalAveragePool
        || layer instanceof Flatten
        || layer instanceof Dropout
        || layer instanceof DropPath;
  }

  /**
   * The distribution of a channel after a rectified batch normalization, whose shift and scale give
   * it: that of a rectified normal variable. Unknown elsewhere.
   */
  Moments moments(String name, int channel) {
    Node node = nodes.get(name);
    if (node == null) {
      return Moments.UNKNOWN;
    }
    if (node.layer() instanceof Pooling) {
      return moments(node.inputs().get(0), channel);
    }
    Node before = node.inputs().size() == 1 ? nodes.get(node.inputs().get(0)) : null;
    boolean rectified =
        node.layer() instanceof Activation activation
            && (activation.function() == Function.RELU || activation.function() == Function.RELU6);
    if (!rectified || before == null || !(before.layer() instanceof BatchNorm)) {
      return Moments.UNKNOWN;
    }
    double mean = network.weights().get(before, "beta")[channel];
    double deviation = Math.abs(network.weights().get(before, "gamma")[channel]);
    return rectified(mean, Math.max(deviation, 1e-3));
  }

  static Moments rectified(double mean, double deviation) {
    double z = mean / deviation;
    double density = StrictMath.exp(-z * z / 2) / StrictMath.sqrt(2 * Math.PI);
    double above = above(z);
    double first = mean * above + deviation * density;
    double second = (mean * mean + deviation * deviation) * above + mean * deviation * density;
    return new Moments(first, Math.max(1e-3, second - first * first));
  }

  /** The standard normal distribution function, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17). */
  private static double above(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double tail =
        StrictMath.exp(-z * z / 2)
            / StrictMath.sqrt(2 * Math.PI)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return z >= 0 ? 1 - tail : tail;
  }
}
