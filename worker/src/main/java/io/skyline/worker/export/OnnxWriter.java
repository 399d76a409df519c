package io.skyline.worker.export;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes networks as ONNX models (opset 17, IR version 8).
 *
 * <p>Input {@code image}: float32, N x C x H x W, raw values (0..255 for pixels), any N. Output
 * {@code probabilities}: float32, N x classes. The same network gives the same bytes.
 */
public final class OnnxWriter {
  /** The name of the output. */
  public static final String PROBABILITIES = "probabilities";

  private OnnxWriter() {}

  /** The model as it is shipped: the content of {@code model.onnx}. */
  public static byte[] write(Network network, Encoding encoding) {
    return write(network, encoding, false);
  }

  /**
   * The float32 model with the value of {@link Architecture#INPUT} (normalised) and of every node
   * as further outputs, each named {@link #tensor}: what calibration runs.
   */
  public static byte[] writeProbed(Network network) {
    return write(network, Encoding.FLOAT32, true);
  }

  /** The name of the tensor that holds the value of a node, or of {@link Architecture#INPUT}. */
  public static String tensor(String node) {
    if (node.equals(Architecture.INPUT)) {
      return InputNormalization.NORMALIZED;
    }
    // a dot is in no node's name
    return node.equals(PROBABILITIES) ? node + ".value" : node;
  }

  private static byte[] write(Network network, Encoding encoding, boolean probed) {
    Architecture architecture = network.architecture();
    GraphBuilder graph = new GraphBuilder("network");
    Shape input = architecture.input();
    graph.input(Architecture.INPUT, input.channels(), input.height(), input.width());
    LayerWriter layers = new LayerWriter(network, graph, encoder(network, encoding, graph));
    String scores = layers.write();
    graph.node("Softmax", List.of(scores), PROBABILITIES, GraphBuilder.attribute("axis", 1));
    graph.output(PROBABILITIES, architecture.classes());
    if (probed) {
      List<String> names = new ArrayList<>(List.of(Architecture.INPUT));
      architecture.nodes().stream().map(Node::name).forEach(names::add);
      names.forEach(name -> graph.output(layers.tensor(name), layers.dimensions(name)));
    }
    byte[] model = graph.build().toByteArray();
    List<String> problems = OnnxLint.problems(model);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("wrote a broken model: " + String.join("; ", problems));
    }
    return model;
  }

  private static Encoder encoder(Network network, Encoding encoding, GraphBuilder graph) {
    InputNormalization input = new InputNormalization(network.normalization());
    if (encoding instanceof Encoding.Int8 int8) {
      return new IntegerEncoder(graph, input, int8.ranges());
    }
    return new FloatEncoder(graph, input, encoding instanceof Encoding.Float16);
  }
}
