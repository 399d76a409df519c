package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kernels as int8 with a float32 scale an output channel: cast and multiplied when the runtime
 * loads the model, so that it computes in float32; or, in dynamic dense layers, multiplied as they
 * are by the bytes of the input.
 */
final class WeightEncoder implements Encoder {
  private static final float SMALLEST_SCALE = 1e-12f;

  private final FloatEncoder floats;
  private final Encoding.IntegerWeights encoding;

  WeightEncoder(FloatEncoder floats, Encoding.IntegerWeights encoding) {
    this.floats = floats;
    this.encoding = encoding;
  }

  /** A kernel's integers, outputs first, and the scale of each output channel. */
  @SuppressWarnings("ArrayRecordComponent") // on its way into a graph, never compared
  private record Integers(byte[] values, float[] scales) {
    static Integers of(float[] kernel, int outputs, int limit) {
      byte[] values = new byte[kernel.length];
      float[] scales = new float[outputs];
      int fan = kernel.length / outputs;
      for (int o = 0; o < outputs; o++) {
        float largest = 0;
        for (int i = o * fan; i < (o + 1) * fan; i++) {
          largest = Math.max(largest, Math.abs(kernel[i]));
        }
        scales[o] = Math.max(largest / limit, SMALLEST_SCALE);
        for (int i = o * fan; i < (o + 1) * fan; i++) {
          values[i] = (byte) Math.round(kernel[i] / scales[o]);
        }
      }
      return new Integers(values, scales);
    }

    /** Inputs first. */
    byte[] transposed() {
      int outputs = scales.length;
      int fan = values.length / outputs;
      byte[] turned = new byte[values.length];
      for (int i = 0; i < values.length; i++) {
        turned[i % fan * outputs + i / fan] = values[i];
      }
      return turned;
    }
  }

  @Override
  public Encoder inside(GraphBuilder inner) {
    return new WeightEncoder(floats.inside(inner), encoding);
  }

  @Override
  public GraphBuilder graph() {
    return floats.graph();
  }

  @Override
  public String input() {
    return floats.input();
  }

  @Override
  public String read(String tensor, String source) {
    return floats.read(tensor, source);
  }

  @Override
  public List<String> parameters(
      String node, String source, float[] kernel, float @Nullable [] bias, long... dimensions) {
    Integer limit = encoding.limits().get(node);
    if (limit == null) {
      return floats.parameters(node, source, kernel, bias, dimensions);
    }
    GraphBuilder graph = graph();
    int outputs = Math.toIntExact(dimensions[0]);
    Integers integers = Integers.of(kernel, outputs, limit);
    String name = node + ".kernel";
    String stored = graph.signedBytes(name + ".int8", integers.values(), dimensions);
    String cast = toFloats(stored, name + ".levels");
    long[] spread = new long[dimensions.length];
    java.util.Arrays.fill(spread, 1);
    spread[0] = outputs;
    String scale = graph.floats(name + ".scale", integers.scales(), spread);
    List<String> tensors = new ArrayList<>();
    tensors.add(graph.node("Mul", List.of(cast, scale), name));
    if (bias != null) {
      tensors.add(graph.floats(node + ".bias", bias, bias.length));
    }
    return tensors;
  }

  private String toFloats(String integers, String name) {
    return graph()
        .node("Cast", List.of(integers), name, attribute("to", TensorProto.DataType.FLOAT_VALUE));
  }

  /** The operators from which ONNX Runtime makes its DynamicQuantizeMatMul. */
  @Override
  public void dense(
      String node,
      String x,
      String source,
      float[] kernel,
      float @Nullable [] bias,
      String out,
      long... dimensions) {
    Integer limit = encoding.limits().get(node);
    if (limit == null || !encoding.dynamic().contains(node)) {
      Encoder.super.dense(node, x, source, kernel, bias, out, dimensions);
      return;
    }
    GraphBuilder graph = graph();
    int outputs = Math.toIntExact(dimensions[0]);
    Integers integers = Integers.of(kernel, outputs, limit);
    String name = node + ".kernel";
    String bytes = node + ".bytes";
    String scale = node + ".bytes.scale";
    String zero = node + ".bytes.zero";
    graph.nodes("DynamicQuantizeLinear", List.of(x), List.of(bytes, scale, zero));
    String levels =
        graph.signedBytes(name + ".int8", integers.transposed(), dimensions[1], outputs);
    String noZero = graph.signedBytes(name + ".zero", new byte[outputs], outputs);
    String sums = graph.node("MatMulInteger", List.of(bytes, levels, zero, noZero), node + ".sums");
    String scales =
        graph.node(
            "Mul",
            List.of(scale, graph.floats(name + ".scale", integers.scales(), outputs)),
            node + ".scale");
    List<String> product = List.of(toFloats(sums, node + ".product"), scales);
    if (bias == null) {
      graph.node("Mul", product, out);
      return;
    }
    String scaled = graph.node("Mul", product, node + ".scaled");
    graph.node("Add", List.of(scaled, graph.floats(node + ".bias", bias, outputs)), out);
  }
}
