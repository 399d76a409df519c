package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import io.skyline.architecture.Node;
import io.skyline.worker.network.Network;
import java.util.List;

/**
 * Writes a network with exits as nested {@code If}s: behind each exit the graph asks whether every
 * example of the batch may leave. If so, the exit's probabilities are the answer, and nothing more
 * is computed; else the rest runs for the whole batch and answers for those examples that may not.
 * An example's answer is therefore the same in a batch of any size.
 */
final class ExitWriter {
  private final Network network;
  private final List<List<Node>> parts;

  /**
   * @param network all of whose exits are open
   */
  ExitWriter(Network network) {
    this.network = network;
    this.parts = network.architecture().parts();
  }

  /** The tensor of the probabilities that an exit gives. */
  static String probabilities(String exit) {
    // a dot is in no node's name
    return exit + ".probabilities";
  }

  /** The constant with an exit's threshold. */
  static String threshold(String exit) {
    return exit + ".threshold";
  }

  /** Writes the whole network; returns the output. */
  String write(LayerWriter layers, GraphBuilder graph) {
    return write(0, layers, graph, OnnxWriter.PROBABILITIES);
  }

  /** Writes a part and all behind it; returns {@code answer}, which holds the probabilities. */
  private String write(int part, LayerWriter layers, GraphBuilder graph, String answer) {
    layers.write(parts.get(part));
    String exit = network.architecture().outputs().get(part);
    if (part == parts.size() - 1) {
      return softmax(graph, layers.scores(exit), answer);
    }
    String early = softmax(graph, layers.scores(exit), probabilities(exit));
    String confidence =
        graph.node(
            "ReduceMax",
            List.of(early),
            exit + ".confidence",
            attribute("axes", new long[] {1}),
            attribute("keepdims", 1));
    String least =
        graph.node("ReduceMin", List.of(confidence), exit + ".least", attribute("keepdims", 0));
    String threshold =
        graph.floats(threshold(exit), new float[] {network.exits().thresholds().get(part)});
    String all = graph.node("GreaterOrEqual", List.of(least, threshold), exit + ".all");

    GraphBuilder leave = graph.inside(exit + ".leave");
    leave.output(
        leave.node("Identity", List.of(early), exit + ".left"), network.architecture().classes());

    GraphBuilder goOn = graph.inside(exit + ".go_on");
    String rest = write(part + 1, layers.inside(goOn), goOn, exit + ".rest");
    String leaves = goOn.node("GreaterOrEqual", List.of(confidence, threshold), exit + ".leaves");
    goOn.output(
        goOn.node("Where", List.of(leaves, early, rest), exit + ".mixed"),
        network.architecture().classes());

    return graph.node(
        "If",
        List.of(all),
        answer,
        attribute("then_branch", leave.graph()),
        attribute("else_branch", goOn.graph()));
  }

  static String softmax(GraphBuilder graph, String scores, String probabilities) {
    return graph.node("Softmax", List.of(scores), probabilities, attribute("axis", 1));
  }
}
