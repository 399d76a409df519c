package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SkeletonTest {
  private static TensorProto tensor(String name, int type, int bytes, long... dimensions) {
    byte[] raw = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(raw);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type)
            .setRawData(ByteString.copyFrom(raw));
    Arrays.stream(dimensions).forEach(tensor::addDims);
    return tensor.build();
  }

  /** An initializer, one within a branch, one as an attribute. */
  private static byte[] model() {
    GraphProto inner = GraphProto.newBuilder().addInitializer(tensor("inner", 3, 300, 300)).build();
    AttributeProto branch = AttributeProto.newBuilder().setName("then_branch").setG(inner).build();
    AttributeProto value =
        AttributeProto.newBuilder().setName("value").setT(tensor("", 7, 16, 2)).build();
    return ModelProto.newBuilder()
        .setProducerName("raw_data")
        .setGraph(
            GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder().setOpType("If").addAttribute(branch))
                .addNode(NodeProto.newBuilder().setOpType("Constant").addAttribute(value))
                .addInitializer(tensor("outer", 1, 400, 2, 5, 1, 10))
                .addInitializer(tensor("odd", 1, 7))
                .addInitializer(tensor("empty", 1, 0, 0)))
        .build()
        .toByteArray();
  }

  @Test
  void tensorsAreFoundInBranchesAndAttributesToo() throws Skeleton.NotWalkableException {
    byte[] onnx = model();
    List<Hole> holes = Skeleton.holes(onnx);
    assertThat(holes).extracting(Hole::name).containsExactlyInAnyOrder("inner", "", "outer", "odd");
    assertThat(holes).isSortedAccordingTo((a, b) -> Integer.compare(a.at(), b.at()));
    for (Hole hole : holes) {
      byte[] raw = new byte[hole.length()];
      new SplittableRandom(hole.length()).nextBytes(raw);
      assertThat(Arrays.copyOfRange(onnx, hole.at(), hole.at() + hole.length())).isEqualTo(raw);
    }
    Hole outer = holes.stream().filter(h -> h.name().equals("outer")).findFirst().orElseThrow();
    assertThat(outer.type()).isEqualTo(ElementType.FLOAT32);
    assertThat(outer.dimensions()).containsExactly(2L, 5L, 1L, 10L);
    assertThat(outer.row()).isEqualTo(50);
    assertThat(outer.window()).isEqualTo(10);
    Hole odd = holes.stream().filter(h -> h.name().equals("odd")).findFirst().orElseThrow();
    assertThat(odd.type()).isEqualTo(ElementType.OTHER);
    assertThat(odd.elements()).isEqualTo(7);
  }

  @Test
  void theSkeletonHasTheSameHoles() throws Skeleton.NotWalkableException {
    byte[] onnx = model();
    List<Hole> holes = Skeleton.holes(onnx);
    byte[] skeleton = Skeleton.cut(onnx, holes);
    assertThat(skeleton).hasSize(onnx.length - 300 - 16 - 400 - 7);
    assertThat(Skeleton.holes(skeleton, onnx.length)).isEqualTo(holes);
    byte[] filled = Skeleton.fill(skeleton, holes, onnx.length);
    for (Hole hole : holes) {
      System.arraycopy(onnx, hole.at(), filled, hole.at(), hole.length());
    }
    assertThat(filled).isEqualTo(onnx);
    for (int lie : new int[] {onnx.length - 1, onnx.length + 1, skeleton.length}) {
      assertThatExceptionOfType(Skeleton.NotWalkableException.class)
          .isThrownBy(() -> Skeleton.holes(skeleton, lie));
    }
  }

  @Test
  void whatIsNoModelIsNotWalked() {
    byte[] onnx = model();
    for (int length = 1; length < onnx.length; length++) {
      byte[] part = Arrays.copyOf(onnx, length);
      // a cut between fields of the model itself is a model
      if (length != 10) {
        assertThatExceptionOfType(Skeleton.NotWalkableException.class)
            .as("%d bytes", length)
            .isThrownBy(() -> Skeleton.holes(part));
      }
    }
  }
}
