package io.skyline.worker.export;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes networks as ONNX models (opset 17, IR version 8).
 *
 * <p>Input {@code image}: float32, N x C x H x W, raw values (0..255 for pixels), any N. Output
 * {@code probabilities}: float32, N x classes; or, where a number is to be predicted, {@code
 * prediction}: float32, N x 1, in the target's own unit. The same network gives the same bytes.
 */
public final class OnnxWriter {
  /** The name of the output of a network that tells classes apart. */
  public static final String PROBABILITIES = "probabilities";

  /** The name of the output of a network that predicts a number. */
  public static final String PREDICTION = "prediction";

  private OnnxWriter() {}

  /**
   * The model as it is shipped: the content of {@code model.onnx}. Closed exits are left out; open
   * ones make it one of {@code If}s, and its metadata lists them as {@link ModelExits}.
   */
  public static byte[] write(Network network, Encoding encoding) {
    Network open = network.withoutClosedExits();
    Started started = Started.with(open, encoding);
    GraphBuilder graph = started.graph();
    String output =
        open.architecture().exits().isEmpty()
            ? end(open, started)
            : new ExitWriter(open).write(started.layers(), graph);
    graph.output(output, open.architecture().classes());
    return checked(graph, ModelExits.of(open).metadata());
  }

  /**
   * The model with the probabilities of every exit, open or not, as further outputs: what
   * thresholds are chosen on. It has no {@code If}s.
   */
  public static byte[] writeOutputs(Network network, Encoding encoding) {
    Started started = Started.with(network, encoding);
    started.layers().write(network.architecture().nodes());
    for (String node : network.architecture().outputs()) {
      String scores = started.layers().scores(node);
      String output = ExitWriter.softmax(started.graph(), scores, output(network, node));
      started.graph().output(output, network.architecture().classes());
    }
    return checked(started.graph(), Map.of());
  }

  /** The name of the output with the probabilities of an exit, or of the last node. */
  public static String output(Network network, String node) {
    return node.equals(network.architecture().output().name())
        ? PROBABILITIES
        : ExitWriter.probabilities(node);
  }

  /** What a probed model says of a node's values over a batch. */
  public enum Probe {
    LEAST("ReduceMin"),
    LARGEST("ReduceMax"),
    /** Not finite if a value is not. */
    SUM("ReduceSum");

    private final String operator;

    Probe(String operator) {
      this.operator = operator;
    }

    /** The output for a node, or for {@link Architecture#INPUT} (normalised). */
    public String of(String node) {
      // dots are in no node's name
      return tensor(node) + "." + operator;
    }
  }

  /**
   * The float32 model with every {@link Probe} of its input and of every node as further outputs,
   * scalars: what calibration runs. The runtime reduces faster than its tensors can be copied.
   */
  public static byte[] writeProbed(Network network) {
    Started started = Started.with(network, Encoding.FLOAT32);
    GraphBuilder graph = started.graph();
    LayerWriter layers = started.layers();
    Architecture architecture = network.architecture();
    graph.output(end(network, started), architecture.classes());
    List<String> names = new ArrayList<>(List.of(Architecture.INPUT));
    architecture.nodes().stream().map(Node::name).forEach(names::add);
    for (String name : names) {
      for (Probe probe : Probe.values()) {
        List<String> source = List.of(layers.tensor(name));
        graph.scalar(
            graph.node(
                probe.operator, source, probe.of(name), GraphBuilder.attribute("keepdims", 0)));
      }
    }
    return checked(graph, Map.of());
  }

  /**
   * The float32 model with the values of some nodes, or of its input (normalised), as further
   * outputs, N x elements in channel, row, column order.
   *
   * @param names of nodes, or {@link Architecture#INPUT}
   */
  public static byte[] writeValues(Network network, List<String> names) {
    Started started = Started.with(network, Encoding.FLOAT32);
    GraphBuilder graph = started.graph();
    Architecture architecture = network.architecture();
    graph.output(end(network, started), architecture.classes());
    for (String name : names) {
      String tensor = started.layers().tensor(name);
      String flat =
          graph.node("Flatten", List.of(tensor), values(name), GraphBuilder.attribute("axis", 1));
      graph.output(flat, Math.toIntExact(architecture.shape(name).elements()));
    }
    return checked(graph, Map.of());
  }

  /** The output of {@link #writeValues} with the values of a node. */
  public static String values(String node) {
    return tensor(node) + ".values"; // dots are in no node's name
  }

  /** The name of the tensor that holds the value of a node, or of {@link Architecture#INPUT}. */
  static String tensor(String node) {
    if (node.equals(Architecture.INPUT)) {
      return InputNormalization.NORMALIZED;
    }
    // a dot is in no node's name
    return node.equals(PROBABILITIES) || node.equals(PREDICTION) ? node + ".value" : node;
  }

  /** A graph that takes the network's input, and the writer of its layers. */
  private record Started(GraphBuilder graph, LayerWriter layers) {
    static Started with(Network network, Encoding encoding) {
      GraphBuilder graph = new GraphBuilder("network");
      Shape input = network.architecture().input();
      graph.input(Architecture.INPUT, input.channels(), input.height(), input.width());
      Encoder encoder = encoder(network, encoding, graph);
      return new Started(graph, new LayerWriter(network, graph, encoder));
    }
  }

  private static Encoder encoder(Network network, Encoding encoding, GraphBuilder graph) {
    InputNormalization input = new InputNormalization(network.normalization());
    if (encoding instanceof Encoding.Int8 int8) {
      return new IntegerEncoder(graph, input, int8.ranges());
    }
    if (encoding instanceof Encoding.IntegerWeights weights) {
      return new WeightEncoder(new FloatEncoder(graph, input, false), weights);
    }
    return new FloatEncoder(graph, input, encoding instanceof Encoding.Float16);
  }

  /** Writes all layers and what makes answers of the last one's; returns the output. */
  private static String end(Network network, Started started) {
    GraphBuilder graph = started.graph();
    started.layers().write(network.architecture().nodes());
    String scores = started.layers().scores(network.architecture().output().name());
    Optional<Normalization.Target> target = network.normalization().target();
    if (target.isEmpty()) {
      return ExitWriter.softmax(graph, scores, PROBABILITIES);
    }
    String deviation =
        graph.floats("prediction.deviation", new float[] {target.get().deviation()}, 1, 1);
    String mean = graph.floats("prediction.mean", new float[] {target.get().mean()}, 1);
    return graph.node("Gemm", List.of(scores, deviation, mean), PREDICTION);
  }

  private static byte[] checked(GraphBuilder graph, Map<String, String> metadata) {
    byte[] model = graph.build(metadata).toByteArray();
    List<String> problems = OnnxLint.problems(model);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("wrote a broken model: " + String.join("; ", problems));
    }
    return model;
  }
}
