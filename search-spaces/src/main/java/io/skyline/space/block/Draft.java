package io.skyline.space.block;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network under construction: layers are added one by one, each reading the last one added unless
 * it says otherwise, and every shape is known at once. Windows take the form that the input asks
 * for, whatever blocks lay down.
 */
public final class Draft {
  private final Shape input;
  private final Window.Form windows;
  private final List<Node> nodes = new ArrayList<>();
  private final List<String> exits = new ArrayList<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private String last = Architecture.INPUT;

  /**
   * A network of square windows.
   *
   * @param input the shape of one example
   */
  public Draft(Shape input) {
    this(input, Window.Form.SQUARE);
  }

  /**
   * @param input the shape of one example
   * @param windows the form of every convolution and pooling
   */
  public Draft(Shape input, Window.Form windows) {
    this.input = input;
    this.windows = windows;
    shapes.put(last, input);
  }

  /** The layer that the next one reads. */
  public String last() {
    return last;
  }

  /** Goes on from an earlier layer. */
  public void from(String name) {
    shape(name);
    last = name;
  }

  /** The output shape of an earlier layer, or of the input. */
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no layer is named '" + name + "' yet");
    }
    return shape;
  }

  /** The shape that the next layer reads. */
  public Shape shape() {
    return shape(last);
  }

  /** The channels that the next layer reads. */
  public int channels() {
    return shape().channels();
  }

  /** Adds a layer that reads the last one; gives its name. */
  public String add(String name, Layer layer) {
    return add(name, layer, List.of(last));
  }

  /**
   * Adds a layer; gives its name.
   *
   * @throws InvalidArchitectureException if it cannot take these inputs, with its name
   */
  public String add(String name, Layer layer, List<String> inputs) {
    Node node = new Node(name, formed(layer), inputs);
    try {
      shapes.put(name, node.layer().output(inputs.stream().map(this::shape).toList()));
    } catch (InvalidArchitectureException e) {
      throw new InvalidArchitectureException(name + ": " + e.getMessage());
    }
    nodes.add(node);
    last = name;
    return name;
  }

  /** Adds a layer that reads the last one and gives class scores before the network ends. */
  public void exit(String name, Layer layer) {
    exits.add(add(name, layer));
  }

  /** The form of every convolution and pooling. */
  public Window.Form windows() {
    return windows;
  }

  private Layer formed(Layer layer) {
    if (layer instanceof Convolution convolution) {
      return convolution.with(windows);
    }
    return layer instanceof Pooling pooling ? pooling.with(windows) : layer;
  }

  /** Adds a convolution of any kind and its normalization. */
  public String normalized(String name, Layer convolution) {
    add(name, convolution);
    return add(name + "_bn", new BatchNorm());
  }

  /** Adds a convolution, its normalization and an activation. */
  public String activated(String name, Layer convolution, Activation activation) {
    normalized(name, convolution);
    return add(name + "_act", activation);
  }

  /**
   * The network so far.
   *
   * @throws InvalidArchitectureException if it does not end in a flat vector that uses every layer
   */
  public Architecture architecture() {
    return new Architecture(input, nodes, exits);
  }
}
