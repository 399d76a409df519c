package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/** The types and shapes of what operators on integers give. */
record IntegerRules(List<TensorType> inputs) {
  private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
  private static final int UINT8 = TensorProto.DataType.UINT8_VALUE;
  private static final int INT8 = TensorProto.DataType.INT8_VALUE;
  private static final int INT32 = TensorProto.DataType.INT32_VALUE;

  /** Between floats and integers, by one scale or one along an axis. */
  TensorType quantization(boolean toIntegers, long axis) {
    require(inputs.size() > 1, "has no scale");
    TensorType x = inputs.get(0);
    TensorType scale = inputs.get(1);
    require(scale.element() == FLOAT, "the scale is " + scale);
    if (scale.rank() > 0) {
      require(
          scale.rank() == 1
              && axis >= 0
              && axis < x.rank()
              && scale.dimension(0) == x.dimension((int) axis),
          "scale " + scale + " along axis " + axis + " of " + x);
    }
    boolean explicit = inputs.size() > 2;
    require(
        !explicit || inputs.get(2).dimensions().equals(scale.dimensions()),
        "zero point and scale differ in shape");
    require(
        (toIntegers ? x.element() == FLOAT && explicit : x.element() != FLOAT)
            && (toIntegers || !explicit || inputs.get(2).element() == x.element()),
        "cannot convert " + x);
    return new TensorType(toIntegers ? inputs.get(2).element() : FLOAT, x.dimensions());
  }

  /** Bytes, their scale and their zero point, from the range of all values. */
  List<TensorType> dynamicQuantization() {
    TensorType x = inputs.get(0);
    require(x.element() == FLOAT, "reads " + x + ", not floats");
    return List.of(
        new TensorType(UINT8, x.dimensions()),
        new TensorType(FLOAT, List.of()),
        new TensorType(UINT8, List.of()));
  }

  /** Of bytes and a kernel of signed ones, both with zero points. */
  TensorType product() {
    require(inputs.size() == 4, "has " + inputs.size() + " inputs, not 4");
    TensorType x = inputs.get(0);
    TensorType kernel = inputs.get(1);
    require(
        x.element() == UINT8
            && kernel.element() == INT8
            && x.rank() == 2
            && kernel.rank() == 2
            && x.dimension(1) == kernel.dimension(0),
        "multiplies " + x + " by " + kernel);
    require(
        inputs.get(2).equals(new TensorType(UINT8, List.of()))
            && inputs.get(3).equals(new TensorType(INT8, List.of(kernel.dimension(1)))),
        "its zero points are " + inputs.get(2) + " and " + inputs.get(3));
    return new TensorType(INT32, List.of(x.dimension(0), kernel.dimension(1)));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ShapeRules.Violation(otherwise);
    }
  }
}
