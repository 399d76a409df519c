package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.worker.dl4j.Reading.Raw;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads a DL4J graph as a network of ours: the way back from {@link GraphBuilder}, as far as its
 * layers are ones that we have.
 */
final class GraphReader {
  /**
   * What a graph is.
   *
   * @param normalizes whether the graph takes raw values and normalises them itself
   * @param takesFlat whether DL4J wants examples as rows, not as channels x height x width
   */
  record ReadGraph(Network network, boolean normalizes, boolean takesFlat) {}

  private GraphReader() {}

  /**
   * Reads a graph.
   *
   * @param input shape of one example
   * @param otherwise the normalisation of a graph that has none of its own
   * @throws UnreadableZipException naming the first layer that we do not have
   */
  static ReadGraph read(ComputationGraph graph, Shape input, Normalization otherwise) {
    ComputationGraphConfiguration plan = graph.getConfiguration();
    if (plan.getNetworkInputs().size() != 1) {
      throw new UnreadableZipException(
          "the graph has the inputs " + plan.getNetworkInputs() + ", not one");
    }
    VertexReader vertices = new VertexReader(graph, new NetworkDraft(input));
    Map<String, Reading> read = new LinkedHashMap<>();
    read.put(plan.getNetworkInputs().get(0), new Raw());
    Set<String> left = needed(plan);
    while (!left.isEmpty()) {
      List<String> next =
          left.stream()
              .filter(name -> read.keySet().containsAll(inputs(plan, name)))
              .limit(1)
              .toList();
      if (next.isEmpty()) {
        throw new UnreadableZipException("the layers " + left + " read each other in a circle");
      }
      String name = next.get(0);
      List<Reading> inputs = inputs(plan, name).stream().map(read::get).toList();
      read.put(
          name,
          vertices.read(name, Objects.requireNonNull(plan.getVertices().get(name), name), inputs));
      left.remove(name);
    }
    return finished(plan, vertices, otherwise);
  }

  private static List<String> inputs(ComputationGraphConfiguration plan, String name) {
    return Objects.requireNonNull(plan.getVertexInputs().get(name), name);
  }

  /** The vertices that lead to an output, in the order in which they were added to the graph. */
  private static Set<String> needed(ComputationGraphConfiguration plan) {
    Set<String> found = new HashSet<>();
    List<String> open = new ArrayList<>(plan.getNetworkOutputs());
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      if (!plan.getNetworkInputs().contains(name) && found.add(name)) {
        open.addAll(plan.getVertexInputs().get(name));
      }
    }
    Set<String> ordered = new LinkedHashSet<>(plan.getVertices().keySet());
    ordered.retainAll(found);
    return ordered;
  }

  private static ReadGraph finished(
      ComputationGraphConfiguration plan, VertexReader vertices, Normalization otherwise) {
    List<String> outputs =
        plan.getNetworkOutputs().stream().map(vertices.layers()::scores).toList();
    Architecture architecture =
        vertices.draft().architecture(outputs.subList(0, outputs.size() - 1));
    if (!architecture.output().name().equals(outputs.get(outputs.size() - 1))) {
      throw new UnreadableZipException("layers come after the output " + outputs);
    }
    Optional<Normalization> own = vertices.layers().normalization();
    Normalization input = own.orElse(otherwise);
    Normalization whole =
        new Normalization(input.mean(), input.deviation(), vertices.layers().target());
    return new ReadGraph(
        new Network(architecture, vertices.draft().weights(), whole),
        own.isPresent(),
        vertices.takesFlat());
  }
}
