package io.skyline.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jGraphsTest {
  static Stream<Arguments> nets() {
    return Stream.of(
            Named.of("convolutional", Nets.convolutional()),
            Named.of("depthwise", Nets.depthwise()),
            Named.of("residual", Nets.residual()),
            Named.of("VGG-like", Nets.vggLike()),
            Named.of("dense", Nets.dense()),
            Named.of("grouped", Nets.grouped()),
            Named.of("windows of one row", Nets.signal()))
        .map(Arguments::of);
  }

  private static INDArray inputs(Architecture architecture, int batch, DataType type) {
    SplittableRandom random = new SplittableRandom(5);
    long[] shape = {
      batch,
      architecture.input().channels(),
      architecture.input().height(),
      architecture.input().width()
    };
    double[] values = random.doubles(batch * architecture.input().elements(), -1.5, 1.5).toArray();
    return Nd4j.createFromArray(values).reshape('c', shape).castTo(type);
  }

  private static INDArray targets(Architecture architecture, int batch, DataType type) {
    INDArray targets = Nd4j.valueArrayOf(new long[] {batch, architecture.classes()}, 0.1, type);
    for (int i = 0; i < batch; i++) {
      targets.putScalar(i, i % architecture.classes(), 1 - 0.1 * (architecture.classes() - 1));
    }
    return targets;
  }

  @ParameterizedTest
  @MethodSource("nets")
  void weightsComeBackAsTheyWent(Architecture architecture) {
    Network network = Nets.drawn(architecture, 1);
    ComputationGraph graph = Dl4jGraphs.over(network, DataType.FLOAT);
    Map<String, float[]> back = Dl4jGraphs.read(graph, architecture).tensors();
    assertThat(back.keySet()).containsExactlyElementsOf(network.weights().tensors().keySet());
    network.weights().tensors().forEach((k, v) -> assertThat(back.get(k)).as(k).isEqualTo(v));
    Dl4jGraphs.release(graph);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void inferenceIsThePlainArithmeticOfTheRecords(Architecture architecture) {
    Network network = Nets.drawn(architecture, 2);
    INDArray inputs = inputs(architecture, 3, DataType.DOUBLE);
    double[] expected = PlainInference.probabilities(network, inputs.dup('c').data().asDouble(), 3);
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      ComputationGraph graph = Dl4jGraphs.over(network, type);
      double[] outputs = graph.outputSingle(inputs.castTo(type)).dup('c').data().asDouble();
      assertThat(outputs).containsExactly(expected, within(type == DataType.DOUBLE ? 1e-6 : 2e-5));
      Dl4jGraphs.release(graph);
    }
  }

  @ParameterizedTest
  @MethodSource("nets")
  void gradientsInDoubleAgreeWithFiniteDifferences(Architecture architecture) {
    Network network = Nets.drawn(architecture, 3);
    INDArray inputs = inputs(architecture, 4, DataType.DOUBLE);
    INDArray targets = targets(architecture, 4, DataType.DOUBLE);
    ComputationGraph graph = Dl4jGraphs.over(network, DataType.DOUBLE);
    Map<String, double[]> gradients = Dl4jGraphs.gradients(graph, architecture, inputs, targets);
    SplittableRandom random = new SplittableRandom(9);
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        if (!parameter.trained()) {
          continue;
        }
        for (int probe = 0; probe < 3; probe++) {
          int i = random.nextInt(parameter.size());
          String key = Weights.key(node, parameter.name());
          double numeric =
              finiteDifference(graph, architecture, node, parameter, i, inputs, targets);
          double exact = gradients.get(key)[i];
          assertThat(exact)
              .as("%s[%d]", key, i)
              .isCloseTo(numeric, within(1e-6 + 1e-4 * Math.abs(numeric)));
        }
      }
    }
    Dl4jGraphs.release(graph);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void gradientsInFloatAgreeWithThoseInDouble(Architecture architecture) {
    Network network = Nets.drawn(architecture, 4);
    Map<String, double[]> doubles = gradients(network, DataType.DOUBLE);
    Map<String, double[]> floats = gradients(network, DataType.FLOAT);
    doubles.forEach(
        (key, exact) -> {
          double scale = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
          assertThat(floats.get(key)).as(key).containsExactly(exact, within(1e-3 * scale + 1e-6));
        });
  }

  private static Map<String, double[]> gradients(Network network, DataType type) {
    Architecture architecture = network.architecture();
    ComputationGraph graph = Dl4jGraphs.over(network, type);
    try {
      return Dl4jGraphs.gradients(
          graph, architecture, inputs(architecture, 4, type), targets(architecture, 4, type));
    } finally {
      Dl4jGraphs.release(graph);
    }
  }

  private static double finiteDifference(
      ComputationGraph graph,
      Architecture architecture,
      Node node,
      Parameter parameter,
      int index,
      INDArray inputs,
      INDArray targets) {
    double step = 1e-6;
    double before = shifted(graph, architecture, node, parameter, index, -step, inputs, targets);
    double after = shifted(graph, architecture, node, parameter, index, step, inputs, targets);
    return (after - before) / (2 * step);
  }

  private static double shifted(
      ComputationGraph graph,
      Architecture architecture,
      Node node,
      Parameter parameter,
      int index,
      double step,
      INDArray inputs,
      INDArray targets) {
    int offset = index;
    for (Tensors place : Tensors.of(architecture, node, parameter)) {
      if (offset < place.size()) {
        INDArray values = graph.getLayer(place.vertex()).getParam(place.key());
        INDArray shift = Nd4j.zeros(DataType.FLOAT, place.size());
        shift.putScalar(offset, 1);
        INDArray delta =
            place.toDl4j(shift.toFloatVector()).castTo(DataType.DOUBLE).reshape(values.shape());
        values.addi(delta.mul(step));
        graph.setInputs(inputs);
        graph.setLabels(targets);
        graph.computeGradientAndScore();
        double score = graph.score();
        values.subi(delta.mul(step));
        return score;
      }
      offset -= place.size();
    }
    throw new AssertionError("no value " + index);
  }
}
