package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network that grows node by node while a graph is read. */
final class NetworkDraft {
  private final Shape input;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Map<String, float[]> tensors = new LinkedHashMap<>();

  NetworkDraft(Shape input) {
    this.input = input;
    shapes.put(Architecture.INPUT, input);
  }

  Shape shape(String node) {
    Shape shape = shapes.get(node);
    if (shape == null) {
      throw new IllegalArgumentException("no node is named " + node);
    }
    return shape;
  }

  /**
   * Adds a node.
   *
   * @param vertex from which its name is made
   * @param parameters in the layer's order
   * @return its name
   * @throws UnreadableZipException if it cannot be, or its parameters have other sizes
   */
  String add(String vertex, Layer layer, List<String> inputs, float[]... parameters) {
    String name = unused(vertex);
    List<Shape> in = inputs.stream().map(this::shape).toList();
    try {
      shapes.put(name, layer.output(in));
    } catch (InvalidArchitectureException e) {
      throw new UnreadableZipException("layer '" + vertex + "': " + e.getMessage(), e);
    }
    Node node = new Node(name, layer, inputs);
    nodes.add(node);
    List<Parameter> owned = layer.parameters(in);
    for (int i = 0; i < owned.size(); i++) {
      int size = owned.get(i).size();
      if (parameters[i].length != size) {
        throw new UnreadableZipException(
            "layer '%s': its %s has %d numbers; for an input of %s it needs %d"
                .formatted(vertex, owned.get(i).name(), parameters[i].length, in.get(0), size));
      }
      tensors.put(Weights.key(node, owned.get(i).name()), parameters[i]);
    }
    return name;
  }

  /** A name that a node may have, close to a vertex's. */
  private String unused(String vertex) {
    String stem = vertex.replaceFirst("\\.fixed$", "").replaceAll("[^A-Za-z0-9_/]", "_");
    String name = stem.isEmpty() ? "layer" : stem;
    for (int i = 2; shapes.containsKey(name); i++) {
      name = stem + "_" + i;
    }
    return name;
  }

  /**
   * All nodes so far.
   *
   * @param exits names of those that give scores before the last one does
   * @throws UnreadableZipException if they are no network
   */
  Architecture architecture(List<String> exits) {
    try {
      return new Architecture(input, nodes, exits);
    } catch (InvalidArchitectureException e) {
      throw new UnreadableZipException(String.valueOf(e.getMessage()), e);
    }
  }

  Weights weights() {
    return new Weights(tensors);
  }
}
