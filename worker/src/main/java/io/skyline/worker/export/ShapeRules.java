package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
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

  private static final int BOOL = TensorProto.DataType.BOOL_VALUE;

  private static final List<Long> NO_GAPS = List.of(1L, 1L);

  private final NodeProto node;
  private final List<TensorType> inputs;
  private final Map<String, TensorProto> constants;

  ShapeRules(NodeProto node, List<TensorType> inputs, Map<String, TensorProto> constants) {
    this.node = node;
    this.inputs = inputs;
    this.constants = constants;
  }

  List<TensorType> outputs() {
    return node.getOpType().equals("DynamicQuantizeLinear")
        ? integers().dynamicQuantization()
        : List.of(output());
  }

  private TensorType output() {
    return switch (node.getOpType()) {
      case "Cast" -> new TensorType(Math.toIntExact(integer("to", 0)), input(0).dimensions());
      case "QuantizeLinear" -> integers().quantization(true, integer("axis", 1));
      case "DequantizeLinear" -> integers().quantization(false, integer("axis", 1));
      case "MatMulInteger" -> integers().product();
      case "Reshape" -> movement().reshape();
      case "Transpose" -> movement().transpose(integers("perm"));
      case "Slice" -> movement().slice();
      case "Gather" -> movement().gather(integer("axis", 0));
      case "Concat" -> movement().concat(integer("axis", 0));
      case "Identity" -> input(0);
      case "Where" -> choice();
      default -> ofFloats();
    };
  }

  private TensorType ofFloats() {
    for (TensorType type : inputs) {
      require(type.element() == FLOAT, "reads " + type + ", not floats");
    }
    TensorType x = input(0);
    return switch (node.getOpType()) {
      case "Relu", "HardSwish", "HardSigmoid", "Sigmoid", "Sign", "Abs" -> x;
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
        if (input(1).rank() == 1) {
          vector(1, x.dimension(x.rank() - 1));
          yield x;
        }
        if (constants.containsKey(node.getInput(1))) {
          yield spread(x, input(1));
        }
        require(x.equals(input(1)), "adds " + x + " and " + input(1));
        yield x;
      }
      case "Mul" -> constants.containsKey(node.getInput(1)) ? spread(x, input(1)) : gate(x);
      case "GridSample" -> sample(x, input(1));
      case "ReduceMin", "ReduceMax", "ReduceSum", "ReduceMean" -> {
        if (integers("axes").isEmpty() && integer("keepdims", 1) == 0) {
          yield floats();
        }
        require(integers("axes").equals(List.of(1L)), "axes are not the channels");
        require(x.rank() > 1 && integer("keepdims", 1) == 1, "reduces " + x);
        List<Long> out = new ArrayList<>(x.dimensions());
        out.set(1, 1L);
        yield new TensorType(FLOAT, out);
      }
      case "GreaterOrEqual" -> {
        require(input(1).rank() == 0, "compares with " + input(1) + ", not with a scalar");
        yield new TensorType(BOOL, x.dimensions());
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
    List<Long> dilations = attribute("dilations").isPresent() ? integers("dilations") : NO_GAPS;
    require(
        pads.size() == 4 && strides.size() == 2 && dilations.size() == 2,
        "needs four pads, two strides and two dilations");
    List<Long> out = new ArrayList<>(List.of(x.dimension(0), channels));
    for (int axis = 0; axis < 2; axis++) {
      long covered = (kernel.get(axis) - 1) * dilations.get(axis) + 1;
      long room = x.dimension(axis + 2) + pads.get(axis) + pads.get(axis + 2) - covered;
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

  /** A factor of each channel or of each position. */
  private TensorType gate(TensorType x) {
    TensorType gate = input(1);
    if (gate.rank() == 1) {
      vector(1, x.dimension(x.rank() - 1));
      return x;
    }
    boolean fits = gate.rank() == x.rank() && gate.dimension(0) == x.dimension(0);
    for (int axis = 1; fits && axis < x.rank(); axis++) {
      fits = gate.dimension(axis) == x.dimension(axis) || gate.dimension(axis) == 1;
    }
    require(fits, "multiplies " + x + " by " + gate);
    return x;
  }

  /** Each axis of one that has a single place repeated to the other's length. */
  private static TensorType spread(TensorType x, TensorType constant) {
    if (x.rank() == 0) {
      return constant;
    }
    require(x.rank() == constant.rank(), "combines " + x + " and " + constant);
    List<Long> out = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      long one = x.dimension(axis);
      long other = constant.dimension(axis);
      require(one == other || one == 1 || other == 1, "combines " + x + " and " + constant);
      out.add(other == 1 ? one : other);
    }
    return new TensorType(FLOAT, out);
  }

  private TensorType sample(TensorType x, TensorType grid) {
    require(
        x.rank() == 4
            && grid.rank() == 4
            && grid.dimension(3) == 2
            && grid.dimension(0) == x.dimension(0),
        "samples " + x + " at " + grid);
    require(
        text("mode").equals("bilinear")
            && text("padding_mode").equals("border")
            && integer("align_corners", 0) == 1,
        "does not sample bilinearly between the first and the last row and column");
    return floats(x.dimension(0), x.dimension(1), grid.dimension(1), grid.dimension(2));
  }

  /** Whole examples of one tensor or another. */
  private TensorType choice() {
    TensorType flags = input(0);
    TensorType x = input(1);
    require(
        flags.equals(new TensorType(BOOL, List.of(x.dimension(0), 1L)))
            && x.rank() == 2
            && x.equals(input(2)),
        "chooses by " + flags + " between " + x + " and " + input(2));
    return x;
  }

  private IntegerRules integers() {
    input(0);
    return new IntegerRules(inputs);
  }

  private MovementRules movement() {
    input(0);
    return new MovementRules(node, inputs, constants);
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

  private String text(String name) {
    return attribute(name).map(found -> found.getS().toStringUtf8()).orElse("");
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
