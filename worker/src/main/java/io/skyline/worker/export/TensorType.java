package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The element type and shape of an ONNX tensor.
 *
 * @param element a number of {@link TensorProto.DataType}
 * @param dimensions the symbolic batch being {@link #BATCH}
 */
record TensorType(int element, List<Long> dimensions) {
  static final long BATCH = -1;

  /** Yes or no for a whole batch. */
  static final TensorType FLAG = new TensorType(TensorProto.DataType.BOOL_VALUE, List.of());

  TensorType {
    dimensions = List.copyOf(dimensions);
  }

  int rank() {
    return dimensions.size();
  }

  long dimension(int axis) {
    return dimensions.get(axis);
  }

  /** Number of values, of one example if there is a batch. */
  long elements() {
    return dimensions.stream().mapToLong(d -> d == BATCH ? 1 : d).reduce(1, (a, b) -> a * b);
  }

  /** Bytes of one element, or 0 for a type that is not written. */
  static int bytes(int element) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(element);
    if (type == null) {
      return 0;
    }
    return switch (type) {
      case FLOAT, INT32 -> 4;
      case FLOAT16 -> 2;
      case INT8, UINT8 -> 1;
      case INT64 -> 8;
      default -> 0;
    };
  }

  /** As {@code FLOAT[N,8,14,14]}. */
  @Override
  public String toString() {
    return TensorProto.DataType.forNumber(element)
        + dimensions.stream()
            .map(d -> d == BATCH ? "N" : Long.toString(d))
            .collect(Collectors.joining(",", "[", "]"));
  }
}
