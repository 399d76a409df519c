package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hostile files that say of a tensor that it is a hashed kernel. */
class HashedCodingTest {
  private static final int CODEBOOK = TensorCoding.CODEBOOK.ordinal();

  /** A file whose one tensor is hashed, whatever that makes of it. */
  private static byte[] file(OnnxModels model, PackedWriter body) {
    byte[] onnx = model.toByteArray();
    List<Hole> holes;
    try {
      holes = Skeleton.holes(onnx);
    } catch (Skeleton.NotWalkableException e) {
      throw new AssertionError(e);
    }
    byte[] skeleton = Skeleton.cut(onnx, holes);
    ContextBudget budget = new ContextBudget();
    PackedWriter out = new PackedWriter().number(onnx.length).number(skeleton.length);
    Section.writeSkeleton(out, skeleton, budget);
    Section.write(out, new byte[] {(byte) TensorCoding.HASHED.ordinal()}, budget);
    return PackedFile.seal(out.all(body.toByteArray()).toByteArray());
  }

  private static OnnxModels floats(int count, long... dimensions) {
    return new OnnxModels().tensor("w", DataType.FLOAT, new byte[4 * count], dimensions);
  }

  /** All values are one: a codebook of it, and no symbols. */
  private static PackedWriter constant(int keptPerMille, int half) {
    return new PackedWriter()
        .number(keptPerMille)
        .number(CODEBOOK)
        .number(1)
        .number(0)
        .unsignedByte(0)
        .unsignedByte(half >> 8)
        .unsignedByte(half & 0xff);
  }

  private static void refused(OnnxModels model, PackedWriter body, String reason) {
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(file(model, body), "x.sky"))
        .withMessageMatching("x\\.sky: byte \\d+: .*" + reason + ".*");
  }

  @Test
  void aFewBytesMayBeALargeKernelWithinTheReadersMemory() {
    int count = 1 << 22;
    byte[] file = file(floats(count, 1 << 11, 1 << 11), constant(10, 0x3c00));
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = thread.getThreadAllocatedBytes(id);
    byte[] onnx = PackedModel.unpack(file, "x.sky");
    assertThat(thread.getThreadAllocatedBytes(id) - before).isLessThan(8L * onnx.length);
    assertThat(file.length).isLessThan(200);
    Hole hole = new Hole(onnx.length - 4 * count, 4 * count, "w", ElementType.FLOAT32, List.of());
    Elements weights = Elements.of(onnx, hole);
    for (int i = 0; i < count; i += 997) {
      assertThat(Math.abs(Float.intBitsToFloat((int) weights.get(i)))).isEqualTo(1f);
    }
  }

  @Test
  void workIsCountedBeforeItIsDone() {
    refused(
        floats(8204 << 10, 8204, 1, 32, 32),
        constant(10, 0x3c00),
        "more than 33554432 decisions coded by contexts");
  }

  @Test
  void whatIsNoHashedKernelIsRefused() {
    PackedWriter body = constant(100, 0x3c00);
    refused(floats(600, 10, 20, 3), body, "tensor 'w' can be no hashed kernel");
    refused(floats(600, 10, 61), body, "tensor 'w' can be no hashed kernel");
    refused(
        new OnnxModels().tensor("w", DataType.INT32, new byte[2400], 20, 30),
        body,
        "tensor 'w' can be no hashed kernel");
    refused(floats(600, 20, 30), constant(0, 0x3c00), "values for a thousand weights .* 0 is not");
    refused(floats(600, 20, 30), constant(1000, 0x3c00), "1000 is not within 1 to 999");
    refused(floats(600, 20, 30), constant(100, 0x7c00), "a value that is not finite");
    refused(floats(600, 20, 30), constant(100, 0xfe01), "a value that is not finite");
    for (TensorCoding inner : List.of(TensorCoding.POOLED, TensorCoding.HASHED)) {
      refused(
          floats(600, 20, 30),
          new PackedWriter().number(100).number(inner.ordinal()),
          "coding of values " + inner.ordinal() + " is not within 1 to 5");
    }
  }
}
