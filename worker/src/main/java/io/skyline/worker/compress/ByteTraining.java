package io.skyline.worker.compress;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.FakeQuantization;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.worker.export.ByteReads;
import io.skyline.worker.export.ByteScale;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The form in which a network trains that will compute on bytes: behind each value that the
 * exported file reads as bytes a {@link FakeQuantization} of the same scale (Jacob et al. 2018,
 * section 3). Ranges stay as they were calibrated, and are exported as they were trained with (Wu
 * et al. 2020, "Integer Quantization for Deep Learning Inference", section 5.2). Normalizations
 * stay normalizations; a rounding stands where they end.
 */
final class ByteTraining {
  private static final String SUFFIX = "_bytes";

  private final Network network;
  private final Encoding.Int8 encoding;
  private final Architecture trained;
  private final Map<String, String> replaced;
  private final Map<String, Node> folded = new HashMap<>();
  private final ByteReads reads;
  private final List<Node> nodes = new ArrayList<>();

  /** By the name of a node, what holds its value rounded. */
  private final Map<String, String> rounded = new HashMap<>();

  private ByteTraining(Network network, Encoding.Int8 encoding) {
    this.network = network;
    this.encoding = encoding;
    this.trained = network.architecture();
    this.replaced = BatchNormFolding.replaced(trained);
    Architecture shipped = BatchNormFolding.fold(network).architecture();
    shipped.nodes().forEach(node -> folded.put(node.name(), node));
    this.reads = ByteReads.of(shipped);
  }

  /**
   * The network with roundings, the weights as they are.
   *
   * @param network in the form in which it trains
   * @param encoding as it will be exported with normalizations folded
   */
  static Network of(Network network, Encoding.Int8 encoding) {
    Architecture form = new ByteTraining(network, encoding).form();
    return new Network(form, network.weights(), network.normalization(), network.exits());
  }

  private Architecture form() {
    Map<String, String> carriers = new HashMap<>();
    for (Node node : trained.nodes()) {
      if (!drops(node.layer())) {
        carriers.put(shipped(node.name()), node.name());
      }
    }
    round(Architecture.INPUT);
    for (Node node : trained.nodes()) {
      nodes.add(new Node(node.name(), node.layer(), inputs(node)));
      if (node.name().equals(carriers.get(shipped(node.name())))) {
        round(node.name());
      }
    }
    return trained.with(nodes);
  }

  private static boolean drops(Layer layer) {
    return layer instanceof Dropout || layer instanceof DropPath;
  }

  private String shipped(String name) {
    return replaced.getOrDefault(name, name);
  }

  private void round(String name) {
    String value = shipped(name);
    if (reads.areBytes(value)) {
      ByteScale bytes =
          ByteScale.of(reads.source(value), network.normalization(), encoding.ranges());
      Node rounding =
          new Node(
              trained.freeName(name + SUFFIX),
              new FakeQuantization(bytes.scale(), bytes.zero()),
              List.of(name));
      nodes.add(rounding);
      rounded.put(name, rounding.name());
    }
  }

  private List<String> inputs(Node node) {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      String input = node.inputs().get(i);
      inputs.add(readsBytes(node, i) ? rounded.getOrDefault(input, input) : input);
    }
    return inputs;
  }

  /** What drops passes on what it is given; what is folded away reads no bytes. */
  private boolean readsBytes(Node node, int input) {
    return drops(node.layer())
        || (!replaced.containsKey(node.name())
            && reads.areBytes(Objects.requireNonNull(folded.get(node.name())), input));
  }
}
