package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtSession;
import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.scorecard.Measurement;
import io.skyline.space.block.Draft;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.ModelExits;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the ways through a model take, and what one is to be expected. */
class PathLatenciesTest {
  private static final Activation RELU = new Activation(Function.RELU);

  @TempDir private Path folder;

  /** Little before the exit, a lot behind it. */
  private static Network network(int behind) {
    Draft draft = new Draft(new Shape(1, 28, 28));
    draft.activated("stem", Convolution.same(8, 3, 2), RELU);
    String trunk = draft.last();
    draft.add("pool", new Pooling(Pooling.Kind.AVERAGE, 3, 3, 0));
    draft.add("flat", new Flatten());
    draft.exit("exit", new Dense(10, true));
    draft.from(trunk);
    draft.activated("more", Convolution.same(behind, 3, 1), RELU);
    draft.activated("most", Convolution.same(behind, 3, 1), RELU);
    draft.add("head", new GlobalAveragePool());
    draft.add("scores", new Dense(10, true));
    Architecture architecture = draft.architecture();
    return BatchNormFolding.fold(SampleNetworks.drawn(architecture, 1));
  }

  private static byte[] onnx(Network network, double share, Encoding encoding) {
    return OnnxWriter.write(network.with(new ExitPolicy(List.of(0.5f), List.of(share))), encoding);
  }

  @Test
  void whatIsExpectedIsTheMeanByTheSharesThatTakeEachWay() {
    ModelExits exits =
        new ModelExits(
            List.of(new ModelExits.Exit("a", 0.9f, 0.5), new ModelExits.Exit("b", 0.9f, 0.3)));
    PathLatencies latencies =
        new PathLatencies(
            exits,
            List.of(
                new Measurement(20, 0.02, true),
                new Measurement(50, 0.04, true),
                new Measurement(100, 0.1, true)));
    Measurement expected = latencies.expected();
    assertThat(expected.value()).isCloseTo(0.5 * 20 + 0.3 * 50 + 0.2 * 100, within(1e-9));
    assertThat(expected.tolerance()).isCloseTo((0.5 * 0.4 + 0.3 * 2 + 0.2 * 10) / 45, within(1e-9));
    assertThat(expected.confident()).isTrue();
  }

  @Test
  void doubtAboutAWayThatSomeTakeIsDoubtAboutAll() {
    for (double share : new double[] {0, 0.1}) {
      ModelExits exits = new ModelExits(List.of(new ModelExits.Exit("a", 0.9f, share)));
      PathLatencies latencies =
          new PathLatencies(
              exits, List.of(new Measurement(20, 0.02, false), new Measurement(50, 0.02, true)));
      assertThat(latencies.expected().confident()).isEqualTo(share == 0);
    }
  }

  @Test
  void leavingEarlyIsMeasuredAsWhatItTakes() {
    MeasurementLock lock = MeasurementLock.at(folder.resolve("lock"));
    ReferenceTime time = LatencyMeter.calibrate(lock);
    try (LatencyMeter meter = new LatencyMeter(time, lock)) {
      byte[] onnx = onnx(network(64), 0.75, Encoding.FLOAT32);
      PathLatencies latencies = meter.measurePaths(onnx);
      assertThat(latencies.paths()).hasSize(2);
      double early = latencies.paths().get(0).value();
      double whole = latencies.paths().get(1).value();
      // 64 times as many multiplications lie behind the exit as before it
      assertThat(early).isLessThan(0.5 * whole);
      assertThat(latencies.expected().value()).isCloseTo(0.75 * early + 0.25 * whole, within(1e-6));
      // without exits there is one way
      byte[] plain = OnnxWriter.write(network(64), Encoding.FLOAT32);
      assertThat(meter.measurePaths(plain).paths()).hasSize(1);
    }
  }

  private List<String> optimized(byte[] onnx, String branch) throws Exception {
    Path file = folder.resolve("optimized.onnx");
    try (OrtSession.SessionOptions options = ModelSession.options()) {
      options.setOptimizedModelFilePath(file.toString());
      options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      OnnxRuntime.environment().createSession(onnx, options).close();
    }
    GraphProto graph = ModelProto.parseFrom(Files.readAllBytes(file)).getGraph();
    List<String> operators = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.getName().equals(branch)) {
          attribute.getG().getNodeList().forEach(n -> operators.add(n.getOpType()));
        }
      }
    }
    operators.removeAll(List.of("Transpose", "ReorderInput", "ReorderOutput"));
    return operators;
  }

  /** Integers stay integers across the boundary, and activations fuse behind it. */
  @Test
  void theRuntimeOptimizesWhatLiesBehindAnExit() throws Exception {
    Network network = network(16);
    Examples images = SampleNetworks.images(network.architecture().input(), 20, 10, 1);
    byte[] int8 = onnx(network, 0, ActivationRanges.measure(network, images));
    assertThat(optimized(int8, "else_branch"))
        .containsExactlyInAnyOrder(
            "QLinearConv",
            "QLinearConv",
            "QLinearGlobalAveragePool",
            "Flatten",
            "QGemm",
            "Softmax",
            "GreaterOrEqual",
            "Where");
    assertThat(optimized(onnx(network, 0, Encoding.FLOAT16), "else_branch"))
        .containsExactlyInAnyOrder(
            "Conv",
            "Conv",
            "GlobalAveragePool",
            "Flatten",
            "Gemm",
            "Softmax",
            "GreaterOrEqual",
            "Where");
  }

  @Test
  void oneModelAStageGivesTheSameAnswers() throws Exception {
    Network network = network(16);
    Examples images = SampleNetworks.images(network.architecture().input(), 6, 10, 2);
    Encoding int8 = ActivationRanges.measure(network, images);
    for (Encoding encoding : List.of(Encoding.FLOAT32, Encoding.FLOAT16, int8)) {
      byte[] onnx = onnx(network, 0, encoding);
      List<float[]> said = ExitOutputs.of(network, encoding, images);
      for (int i = 0; i < images.count(); i++) {
        FloatBuffer image = ModelSession.floats(784);
        float[] values = new float[784];
        images.read(i, values, 0);
        image.put(values).rewind();
        try (ExitStages stages = new ExitStages(onnx, network.architecture(), image)) {
          assertThat(stages.count()).isEqualTo(2);
          for (int stage = 0; stage < 2; stage++) {
            float[] thresholds = stage == 0 ? new float[] {0} : new float[] {2, 0};
            assertThat(stages.run(thresholds)).isEqualTo(stage);
            float[] answer = new float[10];
            stages.answer(stage).duplicate().get(answer);
            float[] expected = new float[10];
            System.arraycopy(said.get(stage), 10 * i, expected, 0, 10);
            assertThat(answer).containsExactly(expected, within(1e-5f));
          }
        }
      }
    }
  }
}
