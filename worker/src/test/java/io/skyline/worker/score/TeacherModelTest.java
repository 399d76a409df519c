package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Shape;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TeacherModelTest {
  private static final Shape IMAGE = new Shape(1, 1, 2);

  /** A model that gives its two pixels as they are, a foreign one: no softmax ends it. */
  private static TeacherModel pixels() throws Exception {
    SampleNetworks net = new SampleNetworks(IMAGE);
    net.then(new Flatten());
    net.then(new Dense(2, false));
    Network network =
        new Network(
            net.architecture(),
            new Weights(Map.of("n1.kernel", new float[] {1, 0, 0, 1})),
            new Normalization(List.of(0f), List.of(1f)));
    ModelProto model = ModelProto.parseFrom(OnnxWriter.write(network, Encoding.FLOAT32));
    GraphProto.Builder graph = model.getGraph().toBuilder();
    int last = graph.getNodeCount() - 1;
    assertThat(graph.getNode(last).getOpType()).isEqualTo("Softmax");
    graph.getOutputBuilder(0).setName(graph.getNode(last).getInput(0));
    graph.removeNode(last);
    byte[] onnx = model.toBuilder().setGraph(graph).build().toByteArray();
    return TeacherModel.open(onnx, IMAGE, 2);
  }

  @Test
  void rowsThatDoNotSumToOneAreLogits() throws Exception {
    try (TeacherModel teacher = pixels()) {
      assertThat(teacher.probabilities(new float[] {0, 3}, 1))
          .containsExactly(new float[] {0.0474f, 0.9526f}, within(1e-4f));
    }
  }

  @Test
  void whatTheFirstRowsAreAllFollowingOnesAre() throws Exception {
    try (TeacherModel teacher = pixels()) {
      float[] probabilities = {0.25f, 0.75f};
      assertThat(teacher.probabilities(probabilities, 1)).isEqualTo(probabilities);
      // rounded more coarsely: still no logits
      float[] coarse = {0.25f, 0.76f};
      assertThat(teacher.probabilities(coarse, 1)).isEqualTo(coarse);
    }
    try (TeacherModel teacher = pixels()) {
      teacher.probabilities(new float[] {0, 3}, 1);
      assertThat(teacher.probabilities(new float[] {0, 1}, 1))
          .containsExactly(new float[] {0.2689f, 0.7311f}, within(1e-4f));
    }
  }
}
