package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.skyline.architecture.Add;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime turns what is written for int8 into integer operators, leaving no float ones. */
class IntegerFusionTest {
  @TempDir private Path folder;

  private List<String> operators(SampleNetworks net) throws IOException, OrtException {
    Network network = BatchNormFolding.fold(SampleNetworks.drawn(net.architecture(), 1));
    Examples images = SampleNetworks.images(network.architecture().input(), 20, 10, 1);
    return operators(network, ActivationRanges.measure(network, images));
  }

  private List<String> operators(Network network, Encoding encoding)
      throws IOException, OrtException {
    byte[] onnx = OnnxWriter.write(network, encoding);
    Path optimized = folder.resolve("optimized.onnx");
    try (OrtSession.SessionOptions options = ModelSession.options()) {
      options.setOptimizedModelFilePath(optimized.toString());
      options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      OnnxRuntime.environment().createSession(onnx, options).close();
    }
    return ModelProto.parseFrom(Files.readAllBytes(optimized)).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .filter(type -> !type.equals("Transpose"))
        .toList();
  }

  @Test
  void depthwiseBlocksRunOnIntegers() throws Exception {
    SampleNetworks net = new SampleNetworks(new Shape(1, 12, 12));
    net.then(Convolution.same(16, 3, 1));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU6);
    net.then(Convolution.depthwise(16, 3, 2));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(Convolution.pointwise(24));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(new GlobalAveragePool());
    net.then(new Dense(10, true));
    assertThat(operators(net))
        .containsExactly(
            "QuantizeLinear",
            "QLinearConv",
            "QLinearConv",
            "QLinearConv",
            "QLinearGlobalAveragePool",
            "Flatten",
            "QGemm",
            "Softmax");
  }

  @Test
  void residualSumsAndPoolsRunOnIntegers() throws Exception {
    SampleNetworks net = new SampleNetworks(new Shape(1, 12, 12));
    net.then(Convolution.same(16, 3, 1));
    String trunk = net.then(SampleNetworks.RELU);
    net.then(Convolution.same(16, 3, 1));
    String branch = net.then(new BatchNorm());
    net.from(new Add(), trunk, branch);
    net.then(SampleNetworks.RELU);
    net.then(new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    net.then(new Pooling(Pooling.Kind.AVERAGE, 3, 1, 1));
    net.then(new Flatten());
    net.then(new Dense(32, true));
    net.then(SampleNetworks.RELU);
    net.then(new Dense(10, true));
    assertThat(operators(net))
        .containsExactlyInAnyOrder(
            "QuantizeLinear",
            "QLinearConv",
            "QLinearConv",
            "QLinearAdd",
            "NhwcMaxPool",
            "QLinearAveragePool",
            "Flatten",
            "QGemm",
            "QGemm",
            "Softmax");
  }

  private static Network small() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 12, 12));
    net.then(Convolution.same(16, 3, 1));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(new Flatten());
    net.then(new Dense(32, true));
    net.then(SampleNetworks.RELU);
    net.then(new Dense(10, false));
    return BatchNormFolding.fold(SampleNetworks.drawn(net.architecture(), 1));
  }

  private static Map<String, Integer> limits(Network network, int limit) {
    Map<String, Integer> limits = new HashMap<>();
    for (Node node : network.architecture().nodes()) {
      if (network.weights().tensors().containsKey(Weights.key(node, "kernel"))) {
        limits.put(node.name(), limit);
      }
    }
    return limits;
  }

  /** Nothing of the integers is left to compute once the model is loaded. */
  @Test
  void integerWeightsBecomeFloatsWhenTheModelIsLoaded() throws Exception {
    Network network = small();
    Map<String, Integer> limits = limits(network, 1);
    assertThat(limits).hasSize(3);
    assertThat(operators(network, new Encoding.IntegerWeights(limits, Set.of())))
        .isEqualTo(operators(network, Encoding.FLOAT32));
  }

  @Test
  void dynamicDenseLayersMultiplyBytes() throws Exception {
    Network network = small();
    Map<String, Integer> limits = limits(network, 63);
    Set<String> dense =
        network.architecture().nodes().stream()
            .filter(node -> node.layer() instanceof Dense)
            .map(Node::name)
            .collect(Collectors.toSet());
    assertThat(operators(network, new Encoding.IntegerWeights(limits, dense)))
        .filteredOn(type -> type.contains("MatMul") || type.contains("Gemm"))
        .containsExactly("DynamicQuantizeMatMul", "DynamicQuantizeMatMul");
  }
}
