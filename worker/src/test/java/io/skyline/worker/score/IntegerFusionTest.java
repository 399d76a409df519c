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
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime turns what is written for int8 into integer operators, leaving no float ones. */
class IntegerFusionTest {
  @TempDir private Path folder;

  private List<String> operators(SampleNetworks net) throws IOException, OrtException {
    Network network = BatchNormFolding.fold(SampleNetworks.drawn(net.architecture(), 1));
    Examples images = SampleNetworks.images(network.architecture().input(), 20, 10, 1);
    byte[] onnx = OnnxWriter.write(network, ActivationRanges.measure(network, images));
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
}
