package io.skyline.worker.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.skyline.architecture.Architecture;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.pack.PackedModel;
import io.skyline.worker.score.ActivationRanges;
import io.skyline.worker.score.ExitOutputs;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that examples leave early, as nested {@code If}s. */
class ExitExportTest {
  private static final int CLASSES = 5;
  private static final Architecture ARCHITECTURE = ExitNets.residual(CLASSES);
  private static final Examples IMAGES =
      SampleNetworks.images(ARCHITECTURE.input(), 64, CLASSES, 5);

  private static Network folded(long seed) {
    return BatchNormFolding.fold(SampleNetworks.drawn(ARCHITECTURE, seed));
  }

  private static Encoding encoding(String name, Network network) {
    return switch (name) {
      case "fp32" -> Encoding.FLOAT32;
      case "fp16" -> Encoding.FLOAT16;
      default -> ActivationRanges.measure(network, IMAGES);
    };
  }

  /** Between two images' confidences, so that a share of the images does not reach it. */
  private static float quantile(float[] probabilities, double share) {
    float[] confidences = new float[probabilities.length / CLASSES];
    for (int i = 0; i < confidences.length; i++) {
      confidences[i] = ExitPolicy.confidence(probabilities, i, CLASSES);
    }
    Arrays.sort(confidences);
    int at = (int) (share * confidences.length);
    return (confidences[at - 1] + confidences[at]) / 2;
  }

  /** About a third of the images leaves at each output. */
  private static Network inThirds(Network network, Encoding encoding) {
    List<float[]> said = ExitOutputs.of(network, encoding, IMAGES);
    return network.with(
        ExitPolicy.of(List.of(quantile(said.get(0), 0.66), quantile(said.get(1), 0.5))));
  }

  private static float[] run(byte[] onnx, Examples images) {
    try (ModelSession session = ModelSession.load(onnx)) {
      return session.predict(images);
    }
  }

  private static float[] oneByOne(byte[] onnx, Examples images) {
    float[] answers = new float[images.count() * CLASSES];
    try (ModelSession session = ModelSession.load(onnx)) {
      for (int i = 0; i < images.count(); i++) {
        float[] answer = session.predict(images.slice(i, i + 1));
        System.arraycopy(answer, 0, answers, i * CLASSES, CLASSES);
      }
    }
    return answers;
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "fp16", "int8"})
  void everyExampleGetsTheAnswerOfItsExitInABatchAsAlone(String weights) {
    for (long seed = 1; seed <= 8; seed++) {
      Network closed = folded(seed);
      Encoding encoding = encoding(weights, closed);
      Network network = inThirds(closed, encoding);
      byte[] onnx = OnnxWriter.write(network, encoding);
      assertThat(OnnxLint.problems(onnx)).isEmpty();

      List<float[]> said = ExitOutputs.of(network, encoding, IMAGES);
      int[] leaving = network.exits().leaving(said, CLASSES);
      assertThat(leaving).as("seed %d", seed).contains(0, 1, 2);
      float[] expected = network.exits().answers(said, CLASSES);
      assertThat(run(onnx, IMAGES)).as("seed %d", seed).containsExactly(expected, within(1e-5f));
      assertThat(oneByOne(onnx, IMAGES))
          .as("seed %d", seed)
          .containsExactly(expected, within(1e-5f));
      assertThat(PackedModel.unpack(PackedModel.pack(onnx), "model.sky")).isEqualTo(onnx);
    }
  }

  @Test
  void theTrainerLeavesWhereItsModelDoes() {
    for (long seed = 1; seed <= 8; seed++) {
      Network network = inThirds(folded(seed), Encoding.FLOAT32);
      assertThat(new OneDnnEngine().predict(network, IMAGES))
          .as("seed %d", seed)
          .containsExactly(run(OnnxWriter.write(network, Encoding.FLOAT32), IMAGES), within(1e-4f));
    }
  }

  /** Operators by graph, those inside an {@code If} after it. */
  private static List<NodeProto> inside(GraphProto graph, String branch) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOpType().equals("If"))
        .flatMap(node -> node.getAttributeList().stream())
        .filter(attribute -> attribute.getName().equals(branch))
        .flatMap(attribute -> attribute.getG().getNodeList().stream())
        .toList();
  }

  @Test
  void whatLiesBehindAnExitIsNotRunForABatchThatLeavesThere() throws Exception {
    Network network = ExitNets.leavingAt(folded(1), 0.5f);
    GraphProto graph = ModelProto.parseFrom(OnnxWriter.write(network, Encoding.FLOAT32)).getGraph();

    assertThat(graph.getNodeList())
        .filteredOn(node -> node.getOpType().equals("Conv"))
        .extracting(NodeProto::getName)
        .containsExactly("stem", "branch");
    assertThat(inside(graph, "then_branch"))
        .extracting(NodeProto::getOpType)
        .containsExactly("Identity");
    assertThat(inside(graph, "else_branch"))
        .filteredOn(node -> node.getOpType().equals("Conv"))
        .extracting(NodeProto::getName)
        .containsExactly("more");
    // weights lie where they are used
    assertThat(graph.getInitializerList())
        .extracting(TensorProto::getName)
        .contains("stem.kernel", "first_exit.kernel")
        .doesNotContain("more.kernel", "deep.kernel", "scores.kernel");
  }

  @Test
  void closedExitsAreNotWritten() throws Exception {
    Network network = folded(1);
    Network half = network.with(ExitPolicy.of(List.of(ExitPolicy.NEVER, 0.5f)));
    byte[] onnx = OnnxWriter.write(half, Encoding.FLOAT32);
    GraphProto graph = ModelProto.parseFrom(onnx).getGraph();

    assertThat(graph.getInitializerList())
        .extracting(TensorProto::getName)
        .contains("second_scores.kernel")
        .doesNotContain("first_exit.kernel");
    assertThat(ModelExits.of(onnx).exits())
        .containsExactly(new ModelExits.Exit("second_scores", 0.5f, 0));

    byte[] none = OnnxWriter.write(network, Encoding.FLOAT32);
    assertThat(ModelExits.of(none).paths()).isEqualTo(1);
    assertThat(ModelProto.parseFrom(none).getGraph().getNodeList())
        .noneMatch(node -> node.getOpType().equals("If"));
    List<float[]> said = ExitOutputs.of(network, Encoding.FLOAT32, IMAGES);
    assertThat(run(none, IMAGES)).containsExactly(said.get(2), within(1e-5f));
  }

  @Test
  void aModelTellsItsThresholdsAndSharesAndCanBeSentEveryWay() {
    Network network = inThirds(folded(2), Encoding.FLOAT32);
    List<float[]> said = ExitOutputs.of(network, Encoding.FLOAT32, IMAGES);
    network = network.with(network.exits().countedOn(said, CLASSES));
    byte[] onnx = OnnxWriter.write(network, Encoding.FLOAT32);
    ModelExits exits = ModelExits.of(onnx);

    assertThat(exits.policy()).isEqualTo(network.exits());
    assertThat(exits.paths()).isEqualTo(3);
    double all = 0;
    for (int path = 0; path < 3; path++) {
      assertThat(run(exits.forced(onnx, path), IMAGES))
          .containsExactly(said.get(path), within(1e-5f));
      all += exits.share(path);
    }
    assertThat(all).isCloseTo(1, within(1e-12));
    assertThat(exits.share(0)).isEqualTo(network.exits().shares().get(0)).isBetween(0.3, 0.4);
  }

  private static List<String> after(Consumer<GraphProto.Builder> change) throws Exception {
    Network network = ExitNets.leavingAt(folded(1), 0.5f);
    ModelProto.Builder model =
        ModelProto.parseFrom(OnnxWriter.write(network, Encoding.FLOAT32)).toBuilder();
    change.accept(model.getGraphBuilder());
    return OnnxLint.problems(model.build().toByteArray());
  }

  private static NodeProto.Builder node(GraphProto.Builder graph, String name) {
    return graph.getNodeBuilderList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static GraphProto.Builder rest(GraphProto.Builder graph) {
    return node(graph, "probabilities").getAttributeBuilder(1).getGBuilder();
  }

  @Test
  void whatIsWrongInsideABranchIsFound() throws Exception {
    assertThat(after(graph -> node(rest(graph), "more").setInput(0, "nowhere")))
        .contains("more reads 'nowhere', which nothing before it writes");
    assertThat(after(graph -> node(rest(graph), "more").setOutput(0, "stem")))
        .contains("'stem' is written twice");
    assertThat(after(graph -> node(graph, "probabilities").setInput(0, "first_exit.least")))
        .contains("probabilities (If): decides on [FLOAT[]], not on one flag");
    assertThat(
            after(
                graph ->
                    node(rest(graph), "first_exit.mixed").setInput(0, "first_exit.confidence")))
        .contains(
            "first_exit.mixed (Where): chooses by FLOAT[N,1] between FLOAT[N,5] and FLOAT[N,5]");
    assertThat(after(graph -> rest(graph).getOutputBuilder(0).setName("nowhere")))
        .contains("output 'nowhere' is never written");
    assertThat(after(graph -> rest(graph).getOutputBuilder(0).setName("first_exit.rest")))
        .contains("nobody reads 'first_exit.mixed'");
  }

  @Test
  void exitsThatCannotBeReadAreToldWithTheirLine() {
    ModelProto.Builder model = ModelProto.newBuilder();
    model.addMetadataPropsBuilder().setKey("skyline.exits").setValue("first_exit 0.9");
    byte[] onnx = model.build().toByteArray();
    assertThatThrownBy(() -> ModelExits.of(onnx))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("skyline.exits holds the line 'first_exit 0.9'");
  }
}
