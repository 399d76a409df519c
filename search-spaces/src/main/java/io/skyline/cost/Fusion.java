package io.skyline.cost;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which layers vanish into their producer when a network is deployed, so that a network costs the
 * same before and after its batch normalizations are folded.
 */
final class Fusion {
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();

  Fusion(Architecture architecture) {
    for (Node node : architecture.nodes()) {
      nodes.put(node.name(), node);
      for (String input : node.inputs()) {
        readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
      }
    }
  }

  /** The nodes that read an output, in order; a node that reads it twice stands twice. */
  List<Node> readers(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** Whether a layer does nothing once deployed. */
  static boolean isIdentity(Layer layer) {
    return layer instanceof Dropout || layer instanceof DropPath;
  }

  /**
   * The layer whose bias a batch normalization becomes, or null if it stays. What does nothing once
   * deployed and normalizations that go may stand in between; nobody else reads any of it.
   */
  @Nullable Node foldsInto(Node node) {
    if (!(node.layer() instanceof BatchNorm)) {
      return null;
    }
    Node before = node;
    do {
      String input = before.inputs().get(0);
      before = readers(input).size() == 1 ? nodes.get(input) : null;
    } while (before != null && (isIdentity(before.layer()) || before.layer() instanceof BatchNorm));
    return before != null && isLinear(before.layer()) ? before : null;
  }

  /** Whether another normalization before it has become the same bias already. */
  boolean foldsAgain(Node node) {
    Node before = nodes.get(node.inputs().get(0));
    while (before != null && isIdentity(before.layer())) {
      before = nodes.get(before.inputs().get(0));
    }
    return before != null && before.layer() instanceof BatchNorm;
  }

  private static boolean isLinear(Layer layer) {
    return layer instanceof Convolution
        || layer instanceof LearnedGroupConvolution
        || layer instanceof Dense;
  }
}
