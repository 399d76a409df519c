package io.skyline.architecture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A shape-checked network: nodes in topological order, the last of which gives the class scores
 * (logits) as a flat vector. Softmax is not a node: losses and exporters add it.
 */
public final class Architecture {
  /** The name by which nodes read the network's input. */
  public static final String INPUT = "image";

  private final Shape input;
  private final List<Node> nodes;
  private final Map<String, Shape> shapes;

  /**
   * Checks every node.
   *
   * @param input the shape of one example
   * @param nodes in an order in which every node follows its inputs
   * @throws InvalidArchitectureException naming the node that cannot be and the reason
   */
  public Architecture(Shape input, List<Node> nodes) {
    this.input = input;
    this.nodes = List.copyOf(nodes);
    this.shapes = Collections.unmodifiableMap(inferShapes(input, this.nodes));
  }

  private static Map<String, Shape> inferShapes(Shape input, List<Node> nodes) {
    if (nodes.isEmpty()) {
      throw new InvalidArchitectureException("a network needs at least one layer");
    }
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put(INPUT, input);
    Shape output = input;
    Set<String> unread = new HashSet<>();
    for (Node node : nodes) {
      if (shapes.containsKey(node.name())) {
        throw new InvalidArchitectureException("two layers are named '" + node.name() + "'");
      }
      List<Shape> inputs = new ArrayList<>();
      for (String name : node.inputs()) {
        Shape shape = shapes.get(name);
        if (shape == null) {
          throw new InvalidArchitectureException(
              node.name() + " reads '" + name + "', which no earlier layer gives");
        }
        inputs.add(shape);
        unread.remove(name);
      }
      try {
        output = node.layer().output(inputs);
      } catch (InvalidArchitectureException e) {
        throw new InvalidArchitectureException(node.name() + ": " + e.getMessage());
      }
      shapes.put(node.name(), output);
      unread.add(node.name());
    }
    Node last = nodes.get(nodes.size() - 1);
    unread.remove(last.name());
    if (!unread.isEmpty()) {
      throw new InvalidArchitectureException("no layer reads the output of " + unread);
    }
    if (!output.isFlat()) {
      throw new InvalidArchitectureException(
          last.name() + " ends the network with " + output + ", not a flat vector");
    }
    return shapes;
  }

  /** The shape of one example. */
  public Shape input() {
    return input;
  }

  /** Every layer, each after its inputs. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The node that gives the class scores. */
  public Node output() {
    return nodes.get(nodes.size() - 1);
  }

  /** Number of classes the network tells apart. */
  public int classes() {
    return shape(output().name()).channels();
  }

  /** The output shape of a node, or of {@link #INPUT}. */
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no layer is named '" + name + "'");
    }
    return shape;
  }

  /** The shapes of a node's inputs, in their order. */
  public List<Shape> inputShapes(Node node) {
    return node.inputs().stream().map(this::shape).toList();
  }

  /** The tensors a node owns. */
  public List<Parameter> parameters(Node node) {
    return node.layer().parameters(inputShapes(node));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Architecture that
        && input.equals(that.input)
        && nodes.equals(that.nodes);
  }

  @Override
  public int hashCode() {
    return 31 * input.hashCode() + nodes.hashCode();
  }

  /** One line a node: name, layer, output shape. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(INPUT + " " + input + "\n");
    for (Node node : nodes) {
      text.append(node.name()).append(' ').append(node.layer()).append(" <- ");
      text.append(node.inputs()).append(' ').append(shape(node.name())).append('\n');
    }
    return text.toString();
  }
}
