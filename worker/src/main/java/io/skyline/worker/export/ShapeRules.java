package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The type and shape of one node's output, by the rules of its operator. */
final class ShapeRules {
  /** A node that its operator's rules forbid. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }

  private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;

  private final NodeProto node;
  private final List<TensorType> inputs;
  private final Map<String, TensorProto> constants;

  ShapeRules(NodeProto node, List<TensorType> inputs, Map<String, TensorProto> constants) {
    this.node = node;
    this.inputs = inputs;
    this.constants = constants;
  }

  TensorType output() {
    return switch (node.getOpType()) {
      case "Cast" -> new TensorType(Math.toIntExact(integer("to", 0)), input(0).dimensions());
      case "QuantizeLinear" -> quantization(true);
      case "DequantizeLinear" -> quantization(false);
      case "Reshape" -> reshape();
      default -> ofFloats();
    };
  }

  private TensorType ofFloats() {
    for (TensorType type : inputs) {
      require(type.element() == FLOAT, "reads " + type + ", not floats");
    }
    TensorType x = input(0);
    return switch (node.getOpType()) {
      case "Relu" -> x;
      case "Clip" -> {
        require(input(1).rank() == 0 && input(2).rank() == 0, "limits are not scalars");
        yield x;
      }
      case "Softmax" -> {
        require(integer("axis", -1) == x.rank() - 1, "axis is not the last");
        yield x;
      }
      case "BatchNormalization" -> {
        for (int i = 1; i < 5; i++) {
          vector(i, x.dimension(1));
        }
        yield x;
      }
      case "Add" -> {
        require(x.equals(input(1)), "adds " + x + " and " + input(1));
        yield x;
      }
      case "Conv" -> convolution(x);
      case "Gemm" -> gemm(x);
      case "MaxPool", "AveragePool" -> {
        List<Long> kernel = integers("kernel_shape");
        require(x.rank() == 4 && kernel.size() == 2, "pools " + x + " by " + kernel);
        yield windows(x, x.dimension(1), kernel);
      }
      case "GlobalAveragePool" -> {
        require(x.rank() == 4, "pools " + x);
        yield floats(x.dimension(0), x.dimension(1), 1L, 1L);
      }
      case "Flatten" -> {
        require(integer("axis", 1) == 1, "axis is not 1");
        yield floats(x.dimension(0), x.elements());
      }
      default -> throw new Violation("not an operator that Skyline writes");
    };
  }

  private TensorType convolution(TensorType x) {
    TensorType kernel = input(1);
    require(x.rank() == 4 && kernel.rank() == 4, "convolves " + x + " with " + kernel);
    long group = integer("group", 1);
    require(
        group > 0
            && x.dimension(1) == kernel.dimension(1) * group
            && kernel.dimension(0) % group == 0,
        "convolves " + x + " with " + kernel + " in " + group + " groups");
    List<Long> window = kernel.dimensions().subList(2, 4);
    require(integers("kernel_shape").equals(window), "kernel_shape is not that of " + kernel);
    if (inputs.size() > 2) {
      vector(2, kernel.dimension(0));
    }
    return windows(x, kernel.dimension(0), window);
  }

  private TensorType windows(TensorType x, long channels, List<Long> kernel) {
    List<Long> pads = integers("pads");
    List<Long> strides = integers("strides");
    require(pads.size() == 4 && strides.size() == 2, "needs four pads and two strides");
    List<Long> out = new ArrayList<>(List.of(x.dimension(0), channels));
    for (int axis = 0; axis < 2; axis++) {
      long room = x.dimension(axis + 2) + pads.get(axis) + pads.get(axis + 2) - kernel.get(axis);
      require(room >= 0 && strides.get(axis) > 0, "the window does not fit " + x);
      out.add(room / strides.get(axis) + 1);
    }
    return new TensorType(FLOAT, out);
  }

  private TensorType gemm(TensorType x) {
    TensorType kernel = input(1);
    require(x.rank() == 2 && kernel.rank() == 2, "multiplies " + x + " by " + kernel);
    boolean transposed = integer("transB", 0) == 1;
    long features = kernel.dimension(transposed ? 1 : 0);
    long outputs = kernel.dimension(transposed ? 0 : 1);
    require(x.dimension(1) == features, "multiplies " + x + " by " + kernel);
    if (inputs.size() > 2) {
      vector(2, outputs);
    }
    return floats(x.dimension(0), outputs);
  }

  private TensorType quantization(boolean toIntegers) {
    TensorType x = input(0);
    TensorType scale = input(1);
    require(scale.element() == FLOAT, "the scale is " + scale);
    if (scale.rank() > 0) {
      long axis = integer("axis", 1);
      require(
          scale.rank() == 1
              && axis >= 0
              && axis < x.rank()
              && scale.dimension(0) == x.dimension((int) axis),
          "scale " + scale + " along axis " + axis + " of " + x);
    }
    boolean explicit = inputs.size() > 2;
    require(
        !explicit || input(2).dimensions().equals(scale.dimensions()),
        "zero point and scale differ in shape");
    require(
        (toIntegers ? x.element() == FLOAT && explicit : x.element() != FLOAT)
            && (toIntegers || !explicit || input(2).element() == x.element()),
        "cannot convert " + x);
    return new TensorType(toIntegers ? input(2).element() : FLOAT, x.dimensions());
  }

  private TensorType reshape() {
    TensorType x = input(0);
    TensorProto target = constants.get(node.getInput(1));
    if (target == null || target.getDataType() != TensorProto.DataType.INT64_VALUE) {
      throw new Violation("the shape is not constant");
    }
    LongBuffer sizes =
        target.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    List<Long> out = new ArrayList<>();
    while (sizes.hasRemaining()) {
      int axis = out.size();
      long size = sizes.get();
      require(size != 0 || axis < x.rank(), "copies an axis that is not there");
      out.add(size == 0 ? x.dimension(axis) : size);
    }
    TensorType result = new TensorType(x.element(), out);
    require(result.elements() == x.elements(), "cannot make " + result + " of " + x);
    return result;
  }

  private TensorType input(int index) {
    require(index < inputs.size(), "has only " + inputs.size() + " inputs");
    return inputs.get(index);
  }

  private void vector(int index, long length) {
    TensorType type = input(index);
    require(
        type.rank() == 1 && type.dimension(0) == length,
        "input " + index + " is " + type + ", not a vector of " + length);
  }

  private static TensorType floats(Long... dimensions) {
    return new TensorType(FLOAT, List.of(dimensions));
  }

  private Optional<AttributeProto> attribute(String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  private long integer(String name, long otherwise) {
    return attribute(name).map(AttributeProto::getI).orElse(otherwise);
  }

  private List<Long> integers(String name) {
    return attribute(name).map(AttributeProto::getIntsList).orElse(List.of());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Violation(otherwise);
    }
  }
}
