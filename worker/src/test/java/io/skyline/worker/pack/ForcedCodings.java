package io.skyline.worker.pack;

import io.skyline.worker.hashing.KernelShape;
import java.util.ArrayList;
import java.util.List;

/** Files as the packer would write them if one coding or coder were always the best. */
final class ForcedCodings {
  private ForcedCodings() {}

  static List<byte[]> files() {
    List<byte[]> files = new ArrayList<>();
    for (TensorCoding coding : TensorCoding.values()) {
      files.add(tensor(coding));
    }
    for (ByteCoder coder : ByteCoder.values()) {
      files.add(skeleton(coder));
    }
    return files;
  }

  /** The model that {@link #tensor} files hold, but one. */
  static byte[] model() {
    return new OnnxModels().floats("w", OnnxModels.pruned(2000, 0.1, 7, 9), 40, 50).toByteArray();
  }

  static byte[] model(TensorCoding coding) {
    return coding == TensorCoding.HASHED
        ? new OnnxModels().hashed("w", new KernelShape(8, 12, 3, 3), 100, 3).toByteArray()
        : model();
  }

  static byte[] tensor(TensorCoding coding) {
    byte[] onnx = model(coding);
    List<Hole> holes;
    try {
      holes = Skeleton.holes(onnx);
    } catch (Skeleton.NotWalkableException e) {
      throw new AssertionError(e);
    }
    byte[] skeleton = Skeleton.cut(onnx, holes);
    ContextBudget budget = new ContextBudget();
    PackedWriter out = new PackedWriter().number(onnx.length).number(skeleton.length);
    Section.writeSkeleton(out, skeleton, budget);
    Section.write(out, new byte[] {(byte) coding.ordinal()}, budget);
    body(out, coding, onnx, holes.get(0), budget);
    return PackedFile.seal(out.toByteArray());
  }

  private static void body(
      PackedWriter out, TensorCoding coding, byte[] onnx, Hole hole, ContextBudget budget) {
    Elements elements = Elements.of(onnx, hole);
    if (coding == TensorCoding.HASHED) {
      out.all(HashedCoding.write(elements, hole, budget).orElseThrow().toByteArray());
      return;
    }
    Codebook.Spelled spelled = Codebook.spell(elements).orElseThrow();
    char[] symbols = spelled.symbols();
    int alphabet = spelled.codebook().size();
    SparseCoding sparse = SparseCoding.of(symbols, spelled.counts(), 0);
    switch (coding) {
      case POOLED, RAW ->
          RawCoding.write(
              out,
              java.util.Arrays.copyOfRange(onnx, hole.at(), hole.at() + hole.length()),
              4,
              budget);
      case CODEBOOK -> {
        spelled.codebook().write(out, 4);
        SymbolStream.write(out, symbols, alphabet, budget);
      }
      case SPARSE -> {
        spelled.codebook().write(out, 4);
        sparse.writeGaps(out, budget);
        SymbolStream.write(out, sparse.symbols(), alphabet, budget);
      }
      case SPARSE_RAW -> {
        sparse.writeGaps(out, budget);
        Elements kept = new Elements(new byte[4 * sparse.entries()], 0, sparse.entries(), 4);
        for (int i = 0; i < sparse.entries(); i++) {
          kept.put(i, spelled.codebook().value(sparse.symbols()[i]));
        }
        RawCoding.write(out, kept.bytes(), 4, budget);
      }
      case CONTEXTS -> {
        spelled.codebook().write(out, 4);
        RangeEncoder coder = new RangeEncoder();
        SymbolContexts.code(symbols.clone(), alphabet, hole.row(), hole.window(), coder);
        byte[] coded = coder.finish();
        out.number(coded.length).all(coded);
      }
      case HASHED -> throw new AssertionError("written above");
    }
  }

  /** A file of text, all of it skeleton. */
  static byte[] skeleton(ByteCoder coder) {
    byte[] text = text();
    byte[] coded = coder.encode(text);
    PackedWriter out = new PackedWriter().number(text.length).number(text.length);
    out.unsignedByte(coder.ordinal());
    if (coder != ByteCoder.STORED) {
      out.number(coded.length);
    }
    return PackedFile.seal(out.all(coded).toByteArray());
  }

  static byte[] text() {
    return "these words are no model, but they repeat these words. "
        .repeat(30)
        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
