package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks as DL4J {@link ComputationGraph}s with the same numbers, and back.
 *
 * <p>A graph takes {@code batch x channels x height x width} and gives {@code batch x classes}
 * probabilities, of each exit first and of the end last. Whoever makes a graph ends it with {@link
 * #release}.
 */
public final class Dl4jGraphs {
  private Dl4jGraphs() {}

  /**
   * The graph of a network that takes normalised values and that no training changes: the oracle.
   *
   * @param type FLOAT or DOUBLE
   */
  public static ComputationGraph over(Network network, DataType type) {
    return build(network.architecture(), network.weights(), GraphSettings.fixed(type, network));
  }

  static ComputationGraph build(
      Architecture architecture, Weights weights, GraphSettings settings) {
    ComputationGraph graph =
        new ComputationGraph(GraphBuilder.configuration(architecture, settings));
    graph.init();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        float[] plain = weights.get(node, parameter.name());
        int offset = 0;
        for (Tensors place : Tensors.of(architecture, node, parameter)) {
          float[] part = Arrays.copyOfRange(plain, offset, offset + place.size());
          assign(graph, place.vertex(), place.key(), place.toDl4j(part));
          offset += place.size();
        }
      }
    }
    ChannelVertices.constants(architecture)
        .forEach((vertex, kernel) -> assign(graph, vertex, "W", Nd4j.createFromArray(kernel)));
    GlimpseVertices.constants(architecture)
        .forEach(
            (vertex, frozen) -> {
              assign(graph, vertex, "W", Nd4j.createFromArray(frozen.kernel()));
              if (frozen.bias().length > 0) {
                assign(graph, vertex, "b", Nd4j.createFromArray(frozen.bias()));
              }
            });
    Normalization normalization = settings.normalization();
    if (normalization != null) {
      normalize(graph, normalization, settings.type());
    }
    return graph;
  }

  /** (raw - mean) / deviation as a batch normalization: variance + epsilon is 1. */
  private static void normalize(
      ComputationGraph graph, Normalization normalization, DataType type) {
    INDArray mean = Nd4j.createFromArray(normalization.mean().toArray(Float[]::new)).castTo(type);
    INDArray deviation =
        Nd4j.createFromArray(normalization.deviation().toArray(Float[]::new)).castTo(type);
    String layer = GraphBuilder.NORMALIZED;
    assign(graph, layer, "mean", mean);
    assign(graph, layer, "var", Nd4j.ones(type, deviation.length()).subi(GraphBuilder.EPSILON));
    assign(graph, layer, "gamma", deviation.rdiv(1));
    assign(graph, layer, "beta", Nd4j.zeros(type, deviation.length()));
  }

  private static void assign(ComputationGraph graph, String vertex, String key, INDArray values) {
    INDArray parameter = graph.getLayer(vertex).getParam(key);
    parameter.assign(values.castTo(parameter.dataType()).reshape(parameter.shape()));
  }

  /** The weights of a graph of this architecture, running statistics included. */
  static Weights read(ComputationGraph graph, Architecture architecture) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    collect(architecture, (vertex, key) -> graph.getLayer(vertex).getParam(key), true)
        .forEach((name, values) -> tensors.put(name, values.toFloatVector()));
    return new Weights(tensors);
  }

  /**
   * Gradients of the mean loss over a batch by each trained parameter, keyed and ordered as {@link
   * Weights} are.
   *
   * @param inputs normalised, {@code batch x channels x height x width}
   * @param targets {@code batch x classes}, each row a distribution
   */
  public static Map<String, double[]> gradients(
      ComputationGraph graph, Architecture architecture, INDArray inputs, INDArray targets) {
    graph.setInputs(inputs);
    graph.setLabels(forEveryOutput(graph, targets));
    graph.computeGradientAndScore();
    Map<String, INDArray> found = graph.gradient().gradientForVariable();
    Map<String, double[]> gradients = new LinkedHashMap<>();
    collect(architecture, (vertex, key) -> found.get(vertex + "_" + key), false)
        .forEach((name, sums) -> gradients.put(name, sums.div(inputs.size(0)).toDoubleVector()));
    return gradients;
  }

  /** The same targets for each exit and for the end. */
  static INDArray[] forEveryOutput(ComputationGraph graph, INDArray targets) {
    INDArray[] all = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(all, targets);
    return all;
  }

  private static Map<String, INDArray> collect(
      Architecture architecture, BiFunction<String, String, INDArray> source, boolean statistics) {
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        if (parameter.trained() || statistics) {
          INDArray[] parts =
              Tensors.of(architecture, node, parameter).stream()
                  .map(place -> place.toPlain(source.apply(place.vertex(), place.key())))
                  .toArray(INDArray[]::new);
          tensors.put(Weights.key(node, parameter.name()), Nd4j.concat(0, parts));
        }
      }
    }
    return tensors;
  }

  /** Frees a graph's native memory, and the workspaces it left on this thread. */
  public static void release(ComputationGraph graph) {
    graph.close();
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }
}
