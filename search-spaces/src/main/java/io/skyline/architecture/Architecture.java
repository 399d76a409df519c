package io.skyline.architecture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A shape-checked network: nodes in topological order, the last of which gives the class scores
 * (logits) as a flat vector. Softmax is not a node: losses and exporters add it.
 *
 * <p>Exits are nodes that give class scores earlier (Teerapittayanon et al. 2016, "BranchyNet"):
 * nothing reads them, and every node before one leads to it or to an earlier one, so that a network
 * can be run up to an exit and no further.
 */
public final class Architecture {
  /** The name by which nodes read the network's input. */
  public static final String INPUT = "image";

  private final Shape input;
  private final List<Node> nodes;
  private final List<String> exits;
  private final Map<String, Shape> shapes;

  /**
   * Checks every node of a network without exits.
   *
   * @param input the shape of one example
   * @param nodes in an order in which every node follows its inputs
   * @throws InvalidArchitectureException naming the node that cannot be and the reason
   */
  public Architecture(Shape input, List<Node> nodes) {
    this(input, nodes, List.of());
  }

  /**
   * Checks every node.
   *
   * @param input the shape of one example
   * @param nodes in an order in which every node follows its inputs
   * @param exits names of nodes, in their order
   * @throws InvalidArchitectureException naming the node that cannot be and the reason
   */
  public Architecture(Shape input, List<Node> nodes, List<String> exits) {
    this.input = input;
    this.nodes = List.copyOf(nodes);
    this.exits = List.copyOf(exits);
    this.shapes = Collections.unmodifiableMap(inferShapes(input, this.nodes, this.exits));
  }

  private static Map<String, Shape> inferShapes(Shape input, List<Node> nodes, List<String> exits) {
    if (nodes.isEmpty()) {
      throw new InvalidArchitectureException("a network needs at least one layer");
    }
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put(INPUT, input);
    Shape output = input;
    Set<String> unread = new HashSet<>();
    List<String> left = new ArrayList<>();
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
      if (exits.contains(node.name())) {
        requireNone(unread, node.name() + " is an exit to which nothing leads from ");
        left.add(node.name());
      } else {
        unread.add(node.name());
      }
    }
    Node last = nodes.get(nodes.size() - 1);
    unread.remove(last.name());
    requireNone(unread, "no layer reads the output of ");
    if (!output.isFlat()) {
      throw new InvalidArchitectureException(
          last.name() + " ends the network with " + output + ", not a flat vector");
    }
    checkExits(nodes, exits, left, shapes);
    return shapes;
  }

  private static void requireNone(Set<String> names, String otherwise) {
    if (!names.isEmpty()) {
      throw new InvalidArchitectureException(otherwise + names);
    }
  }

  private static void checkExits(
      List<Node> nodes, List<String> exits, List<String> left, Map<String, Shape> shapes) {
    Node last = nodes.get(nodes.size() - 1);
    if (!exits.equals(left) || exits.contains(last.name())) {
      throw new InvalidArchitectureException(
          "exits " + exits + " are not distinct nodes in their order, all before the last");
    }
    for (String exit : exits) {
      if (!Objects.equals(shapes.get(exit), shapes.get(last.name()))) {
        throw new InvalidArchitectureException(
            exit + " leaves with " + shapes.get(exit) + ", not " + shapes.get(last.name()));
      }
      if (nodes.stream().anyMatch(node -> node.inputs().contains(exit))) {
        throw new InvalidArchitectureException(exit + " is an exit, but some layer reads it");
      }
    }
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

  /** The nodes that give class scores before the last one does, in their order. */
  public List<String> exits() {
    return exits;
  }

  /** The names of all nodes that give class scores: the exits, then the last node. */
  public List<String> outputs() {
    List<String> outputs = new ArrayList<>(exits);
    outputs.add(output().name());
    return outputs;
  }

  /**
   * The nodes in the parts that are run one after the other until an example leaves: each part ends
   * with one of {@link #outputs}.
   */
  public List<List<Node>> parts() {
    List<List<Node>> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < nodes.size(); i++) {
      if (exits.contains(nodes.get(i).name()) || i == nodes.size() - 1) {
        parts.add(nodes.subList(from, i + 1));
        from = i + 1;
      }
    }
    return parts;
  }

  /** A network of other nodes with the same input and exits of the same names. */
  public Architecture with(List<Node> others) {
    return new Architecture(input, others, exits);
  }

  /** The same network with fewer exits, and without the nodes that lead to the others only. */
  public Architecture withExits(List<String> fewer) {
    Set<String> needed = new HashSet<>(fewer);
    needed.add(output().name());
    List<Node> kept = new ArrayList<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed.contains(nodes.get(i).name())) {
        kept.add(0, nodes.get(i));
        needed.addAll(nodes.get(i).inputs());
      }
    }
    return new Architecture(input, kept, fewer);
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

  /** A name that no node has: the wanted one, with a number behind it if need be. */
  public String freeName(String wanted) {
    String name = wanted;
    for (int i = 2; shapes.containsKey(name); i++) {
      name = wanted + i;
    }
    return name;
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
        && nodes.equals(that.nodes)
        && exits.equals(that.exits);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, nodes, exits);
  }

  /** One line a node: name, layer, output shape; and one for exits, if there are any. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(INPUT + " " + input + "\n");
    for (Node node : nodes) {
      text.append(node.name()).append(' ').append(node.layer()).append(" <- ");
      text.append(node.inputs()).append(' ').append(shape(node.name())).append('\n');
    }
    return exits.isEmpty() ? text.toString() : text.append("exits ").append(exits) + "\n";
  }
}
