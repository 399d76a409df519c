package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Window;
import java.util.ArrayList;
import java.util.List;

/** Writes the operators that move a window over a map. */
record WindowOperators(GraphBuilder graph) {
  /**
   * Writes a convolution.
   *
   * @param inputs the map, the kernel and, if there is one, the bias
   */
  void convolution(Convolution convolution, List<String> inputs, String out) {
    Window rows = convolution.rows();
    Window columns = convolution.columns();
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(attribute("group", convolution.groups()));
    attributes.addAll(window(rows, columns));
    if (convolution.dilation() > 1) {
      attributes.add(attribute("dilations", new long[] {rows.dilation(), columns.dilation()}));
    }
    graph.node("Conv", inputs, out, attributes.toArray(AttributeProto[]::new));
  }

  /** Writes a pooling; averages do not count what they see of the padding. */
  void pool(Pooling pooling, String x, String out) {
    boolean average = pooling.kind() == Pooling.Kind.AVERAGE;
    List<AttributeProto> attributes = new ArrayList<>();
    if (average) {
      attributes.add(attribute("count_include_pad", 0));
    }
    attributes.addAll(window(pooling.rows(), pooling.columns()));
    graph.node(
        average ? "AveragePool" : "MaxPool",
        List.of(x),
        out,
        attributes.toArray(AttributeProto[]::new));
  }

  private static List<AttributeProto> window(Window rows, Window columns) {
    long above = rows.padding();
    long beside = columns.padding();
    return List.of(
        attribute("kernel_shape", new long[] {rows.kernel(), columns.kernel()}),
        attribute("pads", new long[] {above, beside, above, beside}),
        attribute("strides", new long[] {rows.stride(), columns.stride()}));
  }
}
