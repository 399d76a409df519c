package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The output shapes of operators that move values of any type and compute nothing. */
record MovementRules(NodeProto node, List<TensorType> inputs, Map<String, TensorProto> constants) {
  TensorType reshape() {
    TensorType x = inputs.get(0);
    List<Long> out = new ArrayList<>();
    for (long size : constant(1)) {
      int axis = out.size();
      require(size != 0 || axis < x.rank(), "copies an axis that is not there");
      out.add(size == 0 ? x.dimension(axis) : size);
    }
    TensorType result = new TensorType(x.element(), out);
    require(result.elements() == x.elements(), "cannot make " + result + " of " + x);
    return result;
  }

  TensorType transpose(List<Long> order) {
    TensorType x = inputs.get(0);
    List<Long> sorted = new ArrayList<>(order);
    Collections.sort(sorted);
    List<Long> out = new ArrayList<>();
    for (int axis = 0; axis < sorted.size(); axis++) {
      require(
          sorted.get(axis) == axis && sorted.size() == x.rank(), "cannot order " + x + " " + order);
      out.add(x.dimension(Math.toIntExact(order.get(axis))));
    }
    return new TensorType(x.element(), out);
  }

  /** Some consecutive channels. */
  TensorType slice() {
    TensorType x = inputs.get(0);
    require(inputs.size() == 4 && constant(3).equals(List.of(1L)), "does not slice the channels");
    require(constant(1).size() == 1 && constant(2).size() == 1, "needs one start and one end");
    long from = constant(1).get(0);
    long to = constant(2).get(0);
    require(
        0 <= from && from < to && to <= x.dimension(1), "takes " + from + " to " + to + " of " + x);
    return withChannels(x, to - from);
  }

  /** Some channels in any order. */
  TensorType gather(long axis) {
    TensorType x = inputs.get(0);
    require(axis == 1 && inputs.size() == 2, "does not gather channels");
    require(inputs.get(1).rank() == 1, "gathers by " + inputs.get(1));
    List<Long> channels = constant(1);
    for (long channel : channels) {
      require(0 <= channel && channel < x.dimension(1), "gathers channel " + channel + " of " + x);
    }
    return withChannels(x, channels.size());
  }

  TensorType concat(long axis) {
    TensorType x = inputs.get(0);
    require(axis == 1, "axis is not 1");
    long channels = 0;
    for (TensorType input : inputs) {
      channels += input.dimension(1);
      require(withChannels(input, x.dimension(1)).equals(x), "cannot join " + x + " and " + input);
    }
    return withChannels(x, channels);
  }

  private static TensorType withChannels(TensorType type, long channels) {
    List<Long> dimensions = new ArrayList<>(type.dimensions());
    dimensions.set(1, channels);
    return new TensorType(type.element(), dimensions);
  }

  private List<Long> constant(int input) {
    TensorProto values = input < node.getInputCount() ? constants.get(node.getInput(input)) : null;
    if (values == null || values.getDataType() != TensorProto.DataType.INT64_VALUE) {
      throw new ShapeRules.Violation("input " + input + " is no constant of int64");
    }
    LongBuffer buffer =
        values.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    List<Long> numbers = new ArrayList<>();
    while (buffer.hasRemaining()) {
      numbers.add(buffer.get());
    }
    return numbers;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ShapeRules.Violation(otherwise);
    }
  }
}
