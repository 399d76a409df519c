package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import io.skyline.architecture.Architecture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Static int8 quantization as QuantizeLinear / DequantizeLinear pairs around every computing layer,
 * from which runtimes make integer operators (Jacob et al. 2018).
 */
final class IntegerEncoder implements Encoder {
  /** Kernels use half of int8: u8 x s8 products of the full range saturate int16 sums on AVX2. */
  private static final int KERNEL_LIMIT = Encoding.Int8.KERNEL_LIMIT;

  /** Far enough from int32's end that the sum of products fits in too. */
  private static final double BIAS_LIMIT = 1 << 30;

  private static final double SMALLEST_SCALE = 1e-12;

  /** The constants of a quantizer in one graph. */
  private record Constants(String scale, String zero) {}

  /** The bytes of a float tensor, and the node whose range of values they have. */
  private record Bytes(String tensor, String source) {}

  private final GraphBuilder graph;
  private final InputNormalization normalization;
  private final Map<String, Encoding.Range> ranges;
  private final Map<String, ByteScale> scales = new HashMap<>();
  private final Map<String, Bytes> bytes = new HashMap<>();
  private final Map<String, Constants> constants = new HashMap<>();
  private final Map<String, String> dequantized = new HashMap<>();

  IntegerEncoder(
      GraphBuilder graph, InputNormalization normalization, Map<String, Encoding.Range> ranges) {
    this.graph = graph;
    this.normalization = normalization;
    this.ranges = ranges;
  }

  /**
   * Where all channels share one normalisation, raw pixels are bytes already: their mean becomes
   * the zero point, their deviation the scale, and nothing is left to compute.
   */
  @Override
  public String input() {
    if (!normalization.isUniform()) {
      return normalization.write(graph);
    }
    String one = graph.floats("image.unit", new float[] {1f});
    String zero = graph.unsignedByte("image.black", 0);
    graph.node("QuantizeLinear", List.of(Architecture.INPUT, one, zero), "image.bytes");
    String value = InputNormalization.NORMALIZED;
    return dequantize(value, new Bytes("image.bytes", Architecture.INPUT), value);
  }

  /** Operators fuse with those of their own graph only: bytes are handed in, not floats. */
  @Override
  public Encoder inside(GraphBuilder inner) {
    IntegerEncoder encoder = new IntegerEncoder(inner, normalization, ranges);
    encoder.scales.putAll(scales);
    encoder.bytes.putAll(bytes);
    return encoder;
  }

  @Override
  public GraphBuilder graph() {
    return graph;
  }

  @Override
  public String read(String tensor, String source) {
    String known = dequantized.get(tensor);
    if (known != null) {
      return known;
    }
    Bytes stored = bytes.get(tensor);
    if (stored == null) {
      Constants scale = constants(source);
      stored = new Bytes(tensor + ".bytes", source);
      graph.node("QuantizeLinear", List.of(tensor, scale.scale(), scale.zero()), stored.tensor());
    }
    return dequantize(tensor, stored, graph.own(tensor + ".read"));
  }

  private String dequantize(String tensor, Bytes stored, String name) {
    Constants scale = constants(stored.source());
    graph.node("DequantizeLinear", List.of(stored.tensor(), scale.scale(), scale.zero()), name);
    for (String value : List.of(tensor, name)) {
      bytes.put(value, stored);
      dequantized.put(value, name);
    }
    return name;
  }

  private Constants constants(String source) {
    Constants known = constants.get(source);
    if (known == null) {
      ByteScale scale = scale(source);
      known =
          new Constants(
              graph.floats(graph.own(source + ".scale"), new float[] {scale.scale()}),
              graph.unsignedByte(graph.own(source + ".zero"), scale.zero()));
      constants.put(source, known);
    }
    return known;
  }

  private ByteScale scale(String source) {
    return scales.computeIfAbsent(
        source, name -> ByteScale.of(name, normalization.values(), ranges));
  }

  @Override
  public List<String> parameters(
      String node, String source, float[] kernel, float @Nullable [] bias, long... dimensions) {
    float inputScale = scale(source).scale();
    int outputs = Math.toIntExact(dimensions[0]);
    int fan = kernel.length / outputs;
    byte[] integers = new byte[kernel.length];
    float[] scales = new float[outputs];
    int[] biases = new int[outputs];
    float[] biasScales = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      double largest = 0;
      for (int i = o * fan; i < (o + 1) * fan; i++) {
        largest = Math.max(largest, Math.abs(kernel[i]));
      }
      double shift = bias == null ? 0 : bias[o];
      // a channel of almost no weight keeps a scale in which its bias still fits
      scales[o] =
          (float)
              Math.max(
                  Math.max(largest / KERNEL_LIMIT, Math.abs(shift) / BIAS_LIMIT / inputScale),
                  SMALLEST_SCALE);
      for (int i = o * fan; i < (o + 1) * fan; i++) {
        long level = Math.round((double) kernel[i] / scales[o]);
        integers[i] = (byte) Math.min(Math.max(level, -KERNEL_LIMIT), KERNEL_LIMIT);
      }
      biasScales[o] = inputScale * scales[o];
      biases[o] = (int) Math.round(shift / biasScales[o]);
    }
    List<String> tensors = new ArrayList<>();
    String name = node + ".kernel";
    List<String> stored = new ArrayList<>();
    stored.add(graph.signedBytes(name + ".int8", integers, dimensions));
    stored.add(graph.floats(name + ".scale", scales, outputs));
    boolean dense = dimensions.length == 2;
    if (dense) {
      // zero points default to 0, but ONNX Runtime fuses Gemm only where they are written out
      stored.add(graph.signedBytes(name + ".zero", new byte[outputs], outputs));
    }
    tensors.add(graph.node("DequantizeLinear", stored, name, attribute("axis", 0)));
    if (bias != null) {
      name = node + ".bias";
      stored = new ArrayList<>();
      stored.add(graph.ints(name + ".int32", biases, outputs));
      stored.add(graph.floats(name + ".scale", biasScales, outputs));
      if (dense) {
        stored.add(graph.ints(name + ".zero", new int[outputs], outputs));
      }
      tensors.add(graph.node("DequantizeLinear", stored, name, attribute("axis", 0)));
    }
    return tensors;
  }
}
