package io.skyline.worker.export;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import java.util.ArrayList;
import java.util.List;
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

  /** The model as it is shipped: the content of {@code model.onnx}. */
  public static byte[] write(Network network, Encoding encoding) {
    return write(network, encoding, false);
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
    return write(network, Encoding.FLOAT32, true);
  }

  /** The name of the tensor that holds the value of a node, or of {@link Architecture#INPUT}. */
  static String tensor(String node) {
    if (node.equals(Architecture.INPUT)) {
      return InputNormalization.NORMALIZED;
    }
    // a dot is in no node's name
    return node.equals(PROBABILITIES) || node.equals(PREDICTION) ? node + ".value" : node;
  }

  private static byte[] write(Network network, Encoding encoding, boolean probed) {
    Architecture architecture = network.architecture();
    GraphBuilder graph = new GraphBuilder("network");
    Shape input = architecture.input();
    graph.input(Architecture.INPUT, input.channels(), input.height(), input.width());
    LayerWriter layers = new LayerWriter(network, graph, encoder(network, encoding, graph));
    String scores = layers.write();
    String output = output(network, graph, scores);
    graph.output(output, architecture.classes());
    if (probed) {
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
    }
    byte[] model = graph.build().toByteArray();
    List<String> problems = OnnxLint.problems(model);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("wrote a broken model: " + String.join("; ", problems));
    }
    return model;
  }

  private static String output(Network network, GraphBuilder graph, String scores) {
    Optional<Normalization.Target> target = network.normalization().target();
    if (target.isEmpty()) {
      return graph.node(
          "Softmax", List.of(scores), PROBABILITIES, GraphBuilder.attribute("axis", 1));
    }
    String deviation =
        graph.floats("prediction.deviation", new float[] {target.get().deviation()}, 1, 1);
    String mean = graph.floats("prediction.mean", new float[] {target.get().mean()}, 1);
    return graph.node("Gemm", List.of(scores, deviation, mean), PREDICTION);
  }

  private static Encoder encoder(Network network, Encoding encoding, GraphBuilder graph) {
    InputNormalization input = new InputNormalization(network.normalization());
    if (encoding instanceof Encoding.Int8 int8) {
      return new IntegerEncoder(graph, input, int8.ranges());
    }
    return new FloatEncoder(graph, input, encoding instanceof Encoding.Float16);
  }
}
