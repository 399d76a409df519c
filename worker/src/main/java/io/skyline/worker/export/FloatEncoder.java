package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  public FloatEncoder inside(GraphBuilder inner) {
    return new FloatEncoder(inner, normalization, half);
  }

  @Override
  public String input() {
    return normalization.write(graph);
  }

  @Override
  public GraphBuilder graph() {
    return graph;
  }

  @Override
  public String read(String tensor, String source) {
    return tensor;
  }

  @Override
  public List<String> parameters(
      String node, String source, float[] kernel, float @Nullable [] bias, long... dimensions) {
    List<String> tensors = new ArrayList<>();
    tensors.add(constant(node + ".kernel", kernel, dimensions));
    if (bias != null) {
      tensors.add(constant(node + ".bias", bias, bias.length));
    }
    return tensors;
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
