package io.skyline.worker.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Network;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class OnnxLintTest {
  private static ModelProto model(Encoding encoding) {
    SampleNetworks net = new SampleNetworks(new Shape(1, 8, 8));
    net.then(new Convolution(8, 3, 1, 1, 1, true));
    net.then(SampleNetworks.RELU6);
    net.then(new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    net.then(new Flatten());
    net.then(new Dense(4, true));
    try {
      return ModelProto.parseFrom(
          OnnxWriter.write(SampleNetworks.drawn(net.architecture(), 1), encoding));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static Encoding int8() {
    Map<String, Encoding.Range> ranges = new HashMap<>();
    ranges.put(Architecture.INPUT, new Encoding.Range(-1, 2));
    for (int i = 0; i < 5; i++) {
      ranges.put("n" + i, new Encoding.Range(-3, 5));
    }
    return new Encoding.Int8(ranges);
  }

  /** What lint says of a model after a change of its graph. */
  private static List<String> after(Encoding encoding, Consumer<GraphProto.Builder> change) {
    ModelProto.Builder model = model(encoding).toBuilder();
    change.accept(model.getGraphBuilder());
    return OnnxLint.problems(model.build().toByteArray());
  }

  private static TensorProto.Builder constant(GraphProto.Builder graph, String name) {
    return graph.getInitializerBuilderList().stream()
        .filter(t -> t.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static NodeProto.Builder node(GraphProto.Builder graph, Predicate<NodeProto.Builder> is) {
    return graph.getNodeBuilderList().stream().filter(is).findFirst().orElseThrow();
  }

  @Test
  void findsNothingWrongInWhatIsWritten() {
    for (Encoding encoding : List.of(Encoding.FLOAT32, Encoding.FLOAT16, int8())) {
      assertThat(OnnxLint.problems(model(encoding).toByteArray())).isEmpty();
    }
  }

  @Test
  void refusesANodeBeforeItsInput() {
    List<String> problems =
        after(
            Encoding.FLOAT32,
            graph -> {
              List<NodeProto> nodes = new ArrayList<>(graph.getNodeList());
              Collections.swap(nodes, 1, 2);
              graph.clearNode().addAllNode(nodes);
            });
    assertThat(problems).anyMatch(p -> p.contains("n1 reads 'n0', which nothing before it writes"));
  }

  @Test
  void refusesAWrongDeclaredShape() {
    List<String> problems =
        after(
            Encoding.FLOAT32,
            graph ->
                graph
                    .getOutputBuilder(0)
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(1)
                    .setDimValue(5));
    assertThat(problems)
        .containsExactly("output 'probabilities' is FLOAT[N,4], declared FLOAT[N,5]");
  }

  @Test
  void refusesAConstantOfTheWrongSize() {
    List<String> problems =
        after(
            Encoding.FLOAT32,
            graph -> constant(graph, "n0.bias").setRawData(ByteString.copyFrom(new byte[28])));
    assertThat(problems).containsExactly("'n0.bias' is FLOAT[8], 32 bytes, but holds 28");
  }

  @Test
  void refusesAScaleAlongTheWrongAxis() {
    List<String> problems =
        after(
            int8(),
            graph ->
                node(graph, n -> n.getName().equals("n0.kernel")).getAttributeBuilder(0).setI(1));
    assertThat(problems)
        .containsExactly(
            "n0.kernel (DequantizeLinear): scale FLOAT[8] along axis 1 of INT8[8,1,3,3]");
  }

  @Test
  void refusesToGatherAChannelThatIsNotThere() throws Exception {
    SampleNetworks net = new SampleNetworks(new Shape(1, 8, 8));
    net.then(new Convolution(4, 3, 1, 1, 1, true));
    net.then(new Select(List.of(3, 0, 3)));
    net.then(new Flatten());
    net.then(new Dense(4, true));
    Network network = SampleNetworks.drawn(net.architecture(), 1);
    byte[] written = OnnxWriter.write(network, Encoding.FLOAT32);
    assertThat(OnnxLint.problems(written)).isEmpty();

    ModelProto.Builder model = ModelProto.parseFrom(written).toBuilder();
    byte[] channels = new byte[24];
    channels[8] = 4;
    constant(model.getGraphBuilder(), "n1.channels").setRawData(ByteString.copyFrom(channels));
    assertThat(OnnxLint.problems(model.build().toByteArray()))
        .contains("n1 (Gather): gathers channel 4 of FLOAT[N,4,8,8]");
  }

  @Test
  void refusesAKernelThatDoesNotFitItsInput() {
    List<String> problems =
        after(
            Encoding.FLOAT32,
            graph -> constant(graph, "n4.kernel").clearDims().addDims(4).addDims(64).addDims(2));
    assertThat(problems).anyMatch(p -> p.contains("n4 (Gemm): multiplies FLOAT[N,128] by"));
    problems =
        after(
            Encoding.FLOAT32,
            graph -> node(graph, n -> n.getOpType().equals("Conv")).getAttributeBuilder(0).setI(2));
    assertThat(problems).anyMatch(p -> p.contains("in 2 groups"));
  }

  @Test
  void refusesUnreadAndRewrittenTensorsAndForeignOperators() {
    assertThat(
            after(
                Encoding.FLOAT32,
                graph -> graph.addInitializer(constant(graph, "n0.bias").clone().setName("more"))))
        .containsExactly("nobody reads 'more'");
    assertThat(
            after(
                Encoding.FLOAT32,
                graph -> graph.addInitializer(constant(graph, "n0.bias").clone())))
        .contains("'n0.bias' is written twice");
    assertThat(
            after(
                Encoding.FLOAT32,
                graph -> node(graph, n -> n.getOpType().equals("Clip")).setOpType("Erf")))
        .contains("n1 (Erf): not an operator that Skyline writes");
  }

  @Test
  void refusesWhatIsNoModel() {
    byte[] text = "hello, this is no model".getBytes(StandardCharsets.US_ASCII);
    assertThat(OnnxLint.problems(text)).isNotEmpty();
    assertThat(OnnxLint.problems(new byte[0])).isNotEmpty();
  }
}
