package io.skyline.worker.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Blocks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.ActivationRanges;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Glimpses as GridSample: what the graph computes, and what its linter knows of it. */
class GlimpseExportTest {
  private static final Network NETWORK =
      BatchNormFolding.fold(SampleNetworks.drawn(Blocks.glimpse(), 5));
  private static final Examples IMAGES =
      SampleNetworks.images(NETWORK.architecture().input(), 40, 5, 3);

  private static GraphProto.Builder graph(byte[] onnx) throws Exception {
    return ModelProto.parseFrom(onnx).toBuilder().getGraphBuilder();
  }

  private static NodeProto writer(GraphProto.Builder graph, String tensor) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOutput(0).equals(tensor))
        .findFirst()
        .orElseThrow();
  }

  private static NodeProto.Builder only(GraphProto.Builder graph, String operator) {
    return graph.getNodeBuilderList().stream()
        .filter(node -> node.getOpType().equals(operator))
        .reduce(
            (one, other) -> {
              throw new AssertionError("two of " + operator);
            })
        .orElseThrow();
  }

  /** One pixel of 0 1 2 3 4 / 10 11 ... on the way from corner to corner, and beyond. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 1, 34",
    "0.25, 0.5, 16",
    "0.3, 0.7, 22.2",
    "-2, 0.5, 15",
    "0.5, 7, 32",
    "1, -0.001, 4"
  })
  void looksWhereTheTrainerLooks(float right, float down, float seen) {
    SampleNetworks net = new SampleNetworks(new Shape(1, 4, 5));
    net.then(new Flatten());
    String place = net.then(new Dense(2, true));
    net.from(new Glimpse(1, 1), Architecture.INPUT, place);
    Network network =
        new Network(
            net.architecture(),
            new Weights(Map.of("n1.kernel", new float[40], "n1.bias", new float[] {right, down})),
            new Normalization(
                List.of(0f), List.of(1f), Optional.of(new Normalization.Target(0, 1))));
    float[] image = new float[20];
    for (int i = 0; i < 20; i++) {
      image[i] = i / 5 * 10 + i % 5;
    }
    Examples examples = new Examples(new Shape(1, 4, 5), image, new float[1]);

    try (ModelSession session = ModelSession.load(OnnxWriter.write(network, Encoding.FLOAT32))) {
      assertThat(session.predict(examples)).containsExactly(new float[] {seen}, within(1e-4f));
    }
    assertThat(new OneDnnEngine().predict(network, examples))
        .containsExactly(new float[] {seen}, within(1e-4f));
  }

  @Test
  void anImageIsLookedAtTheSameInABatchOfAnySize() {
    byte[] onnx = OnnxWriter.write(NETWORK, Encoding.FLOAT32);
    try (ModelSession session = ModelSession.load(onnx)) {
      float[] together = session.predict(IMAGES);
      for (int i = 0; i < 3; i++) {
        for (int at = 0; at < 5; at++) {
          assertThat(session.predict(IMAGES.slice(i, i + 1))[at])
              .isCloseTo(together[5 * i + at], within(1e-5f));
        }
      }
    }
  }

  @Test
  void integersLeaveThePositionInFloatsAndTheWindowInTheImagesBytes() throws Exception {
    byte[] onnx = OnnxWriter.write(NETWORK, ActivationRanges.measure(NETWORK, IMAGES));
    GraphProto.Builder graph = graph(onnx);

    NodeProto softmax = writer(graph, "n5.weights");
    assertThat(writer(graph, softmax.getInput(0)).getOpType()).isEqualTo("Flatten");
    assertThat(writer(graph, writer(graph, softmax.getInput(0)).getInput(0)).getOpType())
        .isEqualTo("Conv");
    NodeProto sample = only(graph, "GridSample").build();
    String tensor = sample.getInput(1);
    while (!tensor.equals("n5")) {
      NodeProto node = writer(graph, tensor);
      assertThat(node.getOpType()).isIn("Add", "Mul", "Reshape", "Clip");
      tensor = node.getInput(0);
    }
    NodeProto map = writer(graph, sample.getInput(0));
    assertThat(map.getOpType()).isEqualTo("DequantizeLinear");
    NodeProto window = writer(graph, "n6.bytes");
    assertThat(window.getOpType()).isEqualTo("QuantizeLinear");
    assertThat(window.getInputList().subList(1, 3)).isEqualTo(map.getInputList().subList(1, 3));
  }

  @Test
  void theGridIsMadeOfRowsAndColumnsNotOfAllPositions() throws Exception {
    SampleNetworks net = new SampleNetworks(new Shape(1, 64, 64));
    net.then(Convolution.same(1, 3, 4));
    String place = net.then(new SoftArgmax(2));
    net.from(new Glimpse(32, 32), Architecture.INPUT, place);
    net.then(new GlobalAveragePool());
    net.then(new Dense(2, true));
    byte[] onnx = OnnxWriter.write(SampleNetworks.drawn(net.architecture(), 1), Encoding.FLOAT32);

    long floats = 0;
    for (TensorProto constant : graph(onnx).getInitializerList()) {
      floats += constant.getRawData().size() / Float.BYTES;
    }
    // kernels and pixels' mean and deviation; two numbers for each of 16 x 16 cells; two for each
    // row and column; and a few
    assertThat(floats).isLessThan(20 + 2 * 16 * 16 + 2 * 2 * 32 + 20);
  }

  private static List<String> problems(Consumer<GraphProto.Builder> change) throws Exception {
    ModelProto.Builder model =
        ModelProto.parseFrom(OnnxWriter.write(NETWORK, Encoding.FLOAT32)).toBuilder();
    change.accept(model.getGraphBuilder());
    return OnnxLint.problems(model.build().toByteArray());
  }

  private static AttributeProto.Builder attribute(GraphProto.Builder graph, String name) {
    return only(graph, "GridSample").getAttributeBuilderList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesOtherWaysOfSampling() throws Exception {
    String reason =
        "n6 (GridSample): does not sample bilinearly between the first and the last row and column";
    for (String name : List.of("mode", "padding_mode")) {
      ByteString other = ByteString.copyFromUtf8("zeros");
      assertThat(problems(graph -> attribute(graph, name).setS(other))).containsExactly(reason);
    }
    assertThat(problems(graph -> attribute(graph, "align_corners").setI(0)))
        .containsExactly(reason);
  }

  @Test
  void refusesGridsOfAnotherShape() throws Exception {
    assertThat(problems(graph -> only(graph, "GridSample").setInput(1, "n6.position")))
        .contains("nobody reads 'n6.grid'");
    assertThat(problems(graph -> only(graph, "GridSample").setInput(1, "n3")))
        .containsExactly("n6 (GridSample): samples FLOAT[N,3,8,8] at FLOAT[N,8,4,4]");
    assertThat(
            problems(
                graph ->
                    graph.getInitializerBuilderList().stream()
                        .filter(constant -> constant.getName().equals("n6.columns"))
                        .forEach(constant -> constant.setDims(3, 4).setDims(2, 2))))
        .containsExactly("n6.row (Add): combines FLOAT[N,1,1,2] and FLOAT[1,1,2,4]");
  }
}
