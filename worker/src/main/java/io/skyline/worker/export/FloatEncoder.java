package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/** Float32 arithmetic on float32 or float16 constants. */
final class FloatEncoder implements Encoder {
  private final GraphBuilder graph;
  private final InputNormalization normalization;
  private final boolean half;

  FloatEncoder(GraphBuilder graph, InputNormalization normalization, boolean half) {
    this.graph = graph;
    this.normalization = normalization;
    this.half = half;
  }

  @Override
  public String input() {
    return normalization.write(graph);
  }

  @Override
  public String read(String tensor, String source) {
    return tensor;
  }

  @Override
  public String kernel(String name, float[] values, long... dimensions) {
    return constant(name, values, dimensions);
  }

  @Override
  public String bias(String name, float[] values, String kernel, String source) {
    return constant(name, values, values.length);
  }

  private String constant(String name, float[] values, long... dimensions) {
    if (!half) {
      return graph.floats(name, values, dimensions);
    }
    String stored = graph.halves(name + ".half", values, dimensions);
    return graph.node(
        "Cast",
        List.of(stored),
        name,
        GraphBuilder.attribute("to", TensorProto.DataType.FLOAT_VALUE));
  }
}
