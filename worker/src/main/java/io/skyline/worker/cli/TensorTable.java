package io.skyline.worker.cli;

import io.skyline.worker.pack.PackedTensors;
import io.skyline.worker.pack.PackedTensors.Tensor;
import io.skyline.worker.pack.SharedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tensors of a packed model as lines of text, with Deep Compression's columns. */
final class TensorTable {
  private static final String COLUMNS = "%%-%ds  %%-8s %%14s %%9s %%7s %%8s  %%-15s %%9s %%9s";
  private static final String SHARED = " %7s %7s %7s %7s";

  private TensorTable() {}

  static List<String> lines(PackedTensors packed) {
    int widest = packed.tensors().stream().mapToInt(t -> t.name().length()).max().orElse(0);
    String format = COLUMNS.formatted(Math.max(6, Math.min(widest, 60))) + SHARED;
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            format, "tensor", "type", "shape", "elements", "kept", "distinct", "coding", "bytes",
            "packed", "value", "coded", "index", "coded"));
    double rest = packed.fileBytes();
    for (Tensor tensor : packed.tensors()) {
      lines.add(line(format, tensor));
      rest -= tensor.packedBytes();
    }
    lines.add(
        text(
            "%d bytes; %.0f of them say what is not a tensor's; model.onnx has %d",
            packed.fileBytes(), rest, packed.modelBytes()));
    lines.add("value, index: bits for each kept weight; coded: Huffman coded (Deep Compression)");
    return lines;
  }

  private static String line(String format, Tensor tensor) {
    SharedWeights bits = tensor.shared().orElse(null);
    return text(
        format,
        tensor.name(),
        tensor.type(),
        tensor.dimensions().stream().map(String::valueOf).collect(Collectors.joining("x")),
        tensor.elements(),
        text("%.1f %%", 100 * tensor.kept()),
        tensor.distinct() == 0 ? "many" : tensor.distinct(),
        tensor.coding(),
        tensor.rawBytes(),
        text("%.1f", tensor.packedBytes()),
        bits == null ? "" : text("%.2f", bits.valueBits()),
        bits == null ? "" : text("%.2f", bits.codedValueBits()),
        bits == null ? "" : text("%.2f", bits.indexBits()),
        bits == null ? "" : text("%.2f", bits.codedIndexBits()));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).stripTrailing();
  }
}
