package io.skyline.worker.pack;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.skyline.worker.hashing.HashedKernel;
import io.skyline.worker.hashing.KernelShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** Models that hold nothing but tensors, for tests of what packing makes of those. */
final class OnnxModels {
  private final GraphProto.Builder graph = GraphProto.newBuilder();

  OnnxModels floats(String name, float[] values, long... dimensions) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return tensor(name, TensorProto.DataType.FLOAT, bytes.array(), dimensions);
  }

  OnnxModels tensor(String name, TensorProto.DataType type, byte[] bytes, long... dimensions) {
    return tensor(name, type.getNumber(), bytes, dimensions);
  }

  OnnxModels tensor(String name, int type, byte[] bytes, long... dimensions) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type)
            .setRawData(ByteString.copyFrom(bytes));
    for (long dimension : dimensions) {
      tensor.addDims(dimension);
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** A kernel whose frequencies share bell-shaped values. */
  OnnxModels hashed(String name, KernelShape shape, int keptPerMille, long seed) {
    HashedKernel kernels = new HashedKernel(shape, keptPerMille);
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[kernels.values()];
    for (int b = 0; b < values.length; b++) {
      values[b] = 0.1 * random.nextGaussian();
    }
    float[] kernel = kernels.kernel(HashedKernel.rounded(values));
    return shape.taps() == 1
        ? floats(name, kernel, shape.outputs(), shape.inputs())
        : floats(name, kernel, shape.outputs(), shape.inputs(), shape.height(), shape.width());
  }

  byte[] toByteArray() {
    return ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray();
  }

  /**
   * Weights of which some are kept, each one of some bell-shaped levels.
   *
   * @param kept share of them
   * @param levels distinct values of those kept
   */
  static float[] pruned(int count, double kept, int levels, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() < kept) {
        double bell = Math.max(-1, Math.min(0.9999, random.nextGaussian() / 3));
        int level = (int) Math.floor((bell + 1) / 2 * levels);
        values[i] = (float) Math.sin(1 + level) * (level - levels / 2f + 0.3f);
      }
    }
    return values;
  }
}
