package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes one node of a network after the other.
 *
 * <p>ONNX tells N x C from N x C x 1 x 1, architectures do not: a value changes rank where a reader
 * needs the other one.
 */
final class LayerWriter {
  /** A value as a float tensor, and its rank. */
  private record Value(String tensor, int rank) {}

  private final Network network;
  private final Architecture architecture;
  private final GraphBuilder graph;
  private final Encoder encoder;
  private final ActivationOperators activations;
  private final WindowOperators windows;
  private final ChannelOperators channels;
  private final GlimpseOperators glimpses;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, String> reshaped = new HashMap<>();
  private final Set<String> flattened = new HashSet<>();
  private final ByteReads reads;

  LayerWriter(Network network, GraphBuilder graph, Encoder encoder) {
    this(network, graph, encoder, ByteReads.of(network.architecture()));
    values.put(Architecture.INPUT, new Value(encoder.input(), 4));
  }

  private LayerWriter(Network network, GraphBuilder graph, Encoder encoder, ByteReads reads) {
    this.network = network;
    this.architecture = network.architecture();
    this.graph = graph;
    this.encoder = encoder;
    this.activations = new ActivationOperators(graph);
    this.windows = new WindowOperators(graph);
    this.channels = new ChannelOperators(graph);
    this.glimpses = new GlimpseOperators(graph);
    this.reads = reads;
  }

  /** A writer into a graph inside this one's, which can read all that was written so far. */
  LayerWriter inside(GraphBuilder inner) {
    LayerWriter writer = new LayerWriter(network, inner, encoder.inside(inner), reads);
    writer.values.putAll(values);
    return writer;
  }

  /** Writes some layers, each after its inputs. */
  void write(List<Node> nodes) {
    for (Node node : nodes) {
      values.put(node.name(), write(node));
    }
  }

  /** The flat tensor of class scores that an output gives. */
  String scores(String output) {
    Value scores = value(output);
    return scores.rank() == 2 ? scores.tensor() : flatten(scores.tensor());
  }

  /** The float tensor of a node's value. */
  String tensor(String name) {
    return value(name).tensor();
  }

  private Value value(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not written yet");
    }
    return value;
  }

  private Value write(Node node) {
    Layer layer = node.layer();
    String out = OnnxWriter.tensor(node.name());
    Value first = value(node.inputs().get(0));
    String source = reads.source(node.inputs().get(0));
    if (layer instanceof Convolution convolution) {
      String x = read(first, 4, node.inputs().get(0));
      int perGroup = architecture.inputShapes(node).get(0).channels() / convolution.groups();
      int rows = convolution.rows().kernel();
      int columns = convolution.columns().kernel();
      windows.convolution(
          convolution,
          parameters(node, x, source, convolution.outputs(), perGroup, rows, columns),
          out);
      return new Value(out, 4);
    } else if (layer instanceof Dense dense) {
      String x = read(first, 2, node.inputs().get(0));
      int features = architecture.inputShapes(node).get(0).channels();
      encoder.dense(
          node.name(),
          x,
          source,
          network.weights().get(node, "kernel"),
          network.weights().tensors().get(Weights.key(node, "bias")),
          out,
          dense.outputs(),
          features);
      return new Value(out, 2);
    } else if (layer instanceof BatchNorm) {
      List<String> inputs = new ArrayList<>();
      inputs.add(encoder.read(first.tensor(), source));
      for (String parameter : List.of("gamma", "beta", "mean", "variance")) {
        float[] vector = network.weights().get(node, parameter);
        inputs.add(graph.floats(Weights.key(node, parameter), vector, vector.length));
      }
      graph.node("BatchNormalization", inputs, out, attribute("epsilon", BatchNorm.EPSILON));
      return new Value(out, first.rank());
    } else if (layer instanceof Activation activation) {
      String x = reads.areBytes(node, 0) ? encoder.read(first.tensor(), source) : first.tensor();
      activations.write(activation.function(), x, out);
      return new Value(out, first.rank());
    } else if (layer instanceof Add) {
      int rank = rank(node);
      graph.node("Add", reads(node, rank), out);
      return new Value(out, rank);
    } else if (layer instanceof Pooling pooling) {
      windows.pool(pooling, read(first, 4, node.inputs().get(0)), out);
      return new Value(out, 4);
    } else if (layer instanceof GlobalAveragePool) {
      graph.node("GlobalAveragePool", List.of(read(first, 4, node.inputs().get(0))), out);
      return new Value(out, 4);
    } else if (layer instanceof Flatten) {
      String x = encoder.read(first.tensor(), source);
      graph.node("Flatten", List.of(x), out, attribute("axis", 1));
      return new Value(out, 2);
    }
    return withoutWeights(node, first, out);
  }

  /** Layers that join, move, weigh or reduce channels. */
  private Value withoutWeights(Node node, Value first, String out) {
    Layer layer = node.layer();
    if (layer instanceof Concat) {
      int rank = rank(node);
      channels.concat(reads(node, rank), out);
      return new Value(out, rank);
    } else if (layer instanceof Multiply) {
      int rank = rank(node);
      graph.node("Mul", reads(node, rank), out);
      return new Value(out, rank);
    } else if (layer instanceof ChannelPooling pooling) {
      channels.pool(pooling.kind(), read(first, 4, node.inputs().get(0)), out);
      return new Value(out, 4);
    } else if (layer instanceof SoftArgmax argmax) {
      Shape scores = architecture.inputShapes(node).get(0);
      glimpses.softArgmax(argmax, scores, exact(first), out);
      return new Value(out, 2);
    } else if (layer instanceof Glimpse glimpse) {
      String in = node.inputs().get(0);
      String position = exact(value(node.inputs().get(1)));
      glimpses.glimpse(glimpse, architecture.shape(in), read(first, 4, in), position, out);
      return new Value(out, 4);
    }
    String x = encoder.read(first.tensor(), reads.source(node.inputs().get(0)));
    if (layer instanceof Shuffle shuffle) {
      channels.shuffle(shuffle, x, architecture.shape(node.name()), first.rank(), out);
    } else if (layer instanceof Slice slice) {
      channels.slice(slice, x, out);
    } else if (layer instanceof Select select) {
      channels.select(select, x, out);
    } else if (layer instanceof Dropout || layer instanceof DropPath) {
      graph.node("Identity", List.of(x), out);
    } else {
      throw new IllegalStateException("no operator for " + layer);
    }
    return new Value(out, first.rank());
  }

  /** A value as a flat float vector, even in int8: bytes would place a window beside its object. */
  private String exact(Value value) {
    return value.rank() == 2 ? value.tensor() : flatten(value.tensor());
  }

  /** The rank that all inputs of a node can have. */
  private int rank(Node node) {
    boolean flat = architecture.inputShapes(node).stream().allMatch(Shape::isFlat);
    return flat ? node.inputs().stream().mapToInt(n -> value(n).rank()).min().orElse(4) : 4;
  }

  private List<String> reads(Node node, int rank) {
    return node.inputs().stream().map(name -> read(value(name), rank, name)).toList();
  }

  private List<String> parameters(Node node, String x, String source, long... dimensions) {
    float[] kernel = network.weights().get(node, "kernel");
    float[] bias = network.weights().tensors().get(Weights.key(node, "bias"));
    List<String> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(encoder.parameters(node.name(), source, kernel, bias, dimensions));
    return inputs;
  }

  /** A value as a computing layer reads it, in the rank it needs. */
  private String read(Value value, int rank, String name) {
    String read = encoder.read(value.tensor(), reads.source(name));
    if (value.rank() == rank) {
      return read;
    }
    String other = reshaped.get(name);
    if (other == null) {
      other = rank == 2 ? flatten(read) : unflatten(read, architecture.shape(name).channels());
      reshaped.put(name, other);
    }
    return encoder.read(other, reads.source(name));
  }

  private String flatten(String tensor) {
    String flat = graph.own(tensor + ".flat");
    if (flattened.add(flat)) {
      graph.node("Flatten", List.of(tensor), flat, attribute("axis", 1));
    }
    return flat;
  }

  private String unflatten(String tensor, int channels) {
    String shape = graph.longs(graph.own(tensor + ".shape"), 0, channels, 1, 1);
    return graph.node("Reshape", List.of(tensor, shape), graph.own(tensor + ".map"));
  }
}
