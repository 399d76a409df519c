package io.skyline.worker.compress;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns each batch normalization whose input is a convolution or dense layer that nobody else reads
 * into that layer's kernel and bias (Jacob et al. 2018, section 3.2); the network computes the
 * same. Other normalizations stay. What drops values in training only goes, and may stand in
 * between, as may a normalization that goes: folding what is folded changes nothing.
 */
public final class BatchNormFolding {
  private final Architecture architecture;
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();

  private BatchNormFolding(Architecture architecture) {
    this.architecture = architecture;
    for (Node node : architecture.nodes()) {
      nodes.put(node.name(), node);
      node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
    }
  }

  /** The folded network; layers keep their names, normalizations folded away lose theirs. */
  public static Network fold(Network network) {
    return new BatchNormFolding(network.architecture()).folded(network);
  }

  /** By the names of nodes that folding takes away, what then gives their values. */
  static Map<String, String> replaced(Architecture architecture) {
    return new BatchNormFolding(architecture).replaced();
  }

  private Map<String, String> replaced() {
    Map<String, String> replaced = new HashMap<>();
    for (Node node : architecture.nodes()) {
      String input = node.inputs().get(0);
      String source = replaced.getOrDefault(input, input);
      if (node.layer() instanceof Dropout || node.layer() instanceof DropPath) {
        replaced.put(node.name(), source);
      } else if (node.layer() instanceof BatchNorm
          && isLinear(nodes.get(source))
          && isReadOnlyOnTheWay(input, source)) {
        replaced.put(node.name(), source);
      }
    }
    return replaced;
  }

  private Network folded(Network network) {
    Map<String, String> replaced = replaced();
    Map<String, Node> folded = new LinkedHashMap<>();
    Map<String, float[]> tensors = new HashMap<>(network.weights().tensors());
    for (Node node : architecture.nodes()) {
      if (!replaced.containsKey(node.name())) {
        folded.put(node.name(), new Node(node.name(), node.layer(), inputs(node, replaced)));
      } else if (node.layer() instanceof BatchNorm) {
        Node producer = Objects.requireNonNull(folded.get(replaced.get(node.name())));
        folded.put(
            producer.name(),
            new Node(producer.name(), withBias(producer.layer()), producer.inputs()));
        absorb(network.weights(), producer, node, tensors);
        architecture.parameters(node).forEach(p -> tensors.remove(Weights.key(node, p.name())));
      }
    }
    List<String> exits =
        architecture.exits().stream().map(name -> replaced.getOrDefault(name, name)).toList();
    Architecture result =
        new Architecture(architecture.input(), new ArrayList<>(folded.values()), exits);
    return new Network(result, ordered(result, tensors), network.normalization());
  }

  private static boolean isLinear(@Nullable Node producer) {
    return producer != null
        && (producer.layer() instanceof Convolution || producer.layer() instanceof Dense);
  }

  /** Whether nobody else reads a node, nor any before it up to its source. */
  private boolean isReadOnlyOnTheWay(String name, String source) {
    Node node = nodes.get(name);
    return Integer.valueOf(1).equals(readers.get(name))
        && (name.equals(source)
            || node != null && isReadOnlyOnTheWay(node.inputs().get(0), source));
  }

  private static List<String> inputs(Node node, Map<String, String> replaced) {
    return node.inputs().stream().map(name -> replaced.getOrDefault(name, name)).toList();
  }

  private static Layer withBias(Layer layer) {
    if (layer instanceof Convolution c) {
      return c.withBias();
    }
    return layer instanceof Dense dense ? new Dense(dense.outputs(), true) : layer;
  }

  private static void absorb(
      Weights weights, Node producer, Node norm, Map<String, float[]> tensors) {
    float[] gamma = weights.get(norm, "gamma");
    float[] beta = weights.get(norm, "beta");
    float[] mean = weights.get(norm, "mean");
    float[] variance = weights.get(norm, "variance");
    // another normalization may have come before
    float[] kernel = Objects.requireNonNull(tensors.get(Weights.key(producer, "kernel"))).clone();
    float[] before = tensors.get(Weights.key(producer, "bias"));
    float[] bias = new float[gamma.length];
    int fan = kernel.length / gamma.length;
    for (int o = 0; o < gamma.length; o++) {
      double scale = gamma[o] / Math.sqrt((double) variance[o] + BatchNorm.EPSILON);
      double shift = before == null ? 0 : before[o];
      bias[o] = (float) ((shift - mean[o]) * scale + beta[o]);
      for (int i = o * fan; i < (o + 1) * fan; i++) {
        kernel[i] = (float) (kernel[i] * scale);
      }
    }
    tensors.put(Weights.key(producer, "kernel"), kernel);
    tensors.put(Weights.key(producer, "bias"), bias);
  }

  /** The tensors in the order in which the architecture lists its parameters. */
  private static Weights ordered(Architecture architecture, Map<String, float[]> tensors) {
    Map<String, float[]> ordered = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      architecture
          .parameters(node)
          .forEach(
              parameter -> {
                String key = Weights.key(node, parameter.name());
                float[] values = tensors.get(key);
                if (values == null) {
                  throw new IllegalStateException("folding lost " + key);
                }
                ordered.put(key, values);
              });
    }
    return new Weights(ordered);
  }
}
