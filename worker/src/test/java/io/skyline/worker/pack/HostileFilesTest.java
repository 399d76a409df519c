package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files and models that someone wrote to bring the packer or the reader down. */
class HostileFilesTest {
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void contextsOfASingleValueAreRefused() throws Exception {
    byte[] onnx = new OnnxModels().floats("w", new float[64], 8, 8).toByteArray();
    List<Hole> holes = Skeleton.holes(onnx);
    byte[] skeleton = Skeleton.cut(onnx, holes);
    ContextBudget budget = new ContextBudget();
    PackedWriter out = new PackedWriter().number(onnx.length).number(skeleton.length);
    Section.writeSkeleton(out, skeleton, budget);
    Section.write(out, new byte[] {(byte) TensorCoding.CONTEXTS.ordinal()}, budget);
    out.all(new byte[] {1, 0, 32, 0}); // one value, itself the first, all bits zero; no bytes

    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(PackedFile.seal(out.toByteArray()), "x.sky"))
        .withMessageContaining("tensor 'w': contexts of a single value");
  }

  /** A tensor whose data come in many parts, of which each is a tensor to the packer. */
  private static byte[] inParts(String name, int parts) throws IOException {
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    CodedOutputStream fields = CodedOutputStream.newInstance(tensor);
    fields.writeInt32(2, DataType.INT8.getNumber());
    fields.writeString(8, name);
    for (int i = 0; i < parts; i++) {
      fields.writeBytes(9, ByteString.copyFrom(new byte[] {(byte) i}));
    }
    fields.flush();
    return message(7, message(5, tensor.toByteArray()));
  }

  private static byte[] message(int field, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(field, content);
    out.flush();
    return bytes.toByteArray();
  }

  @Test
  void aLongNameIsNotCopiedForEachOfManyTensors() throws Exception {
    byte[] onnx = inParts("n".repeat(1 << 20), 10_000);
    byte[] packed = PackedModel.pack(onnx);
    long before = THREAD.getThreadAllocatedBytes(Thread.currentThread().getId());
    assertThat(PackedModel.unpack(packed, "x.sky")).isEqualTo(onnx);
    long allocated = THREAD.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertThat(allocated).isLessThan(200L << 20);
  }

  @Test
  void errorsShowTheBeginningOfALongNameWithoutItsControls() throws Exception {
    byte[] onnx = new OnnxModels().floats("a\nb" + "c".repeat(500), new float[2000]).toByteArray();
    byte[] packed = PackedModel.pack(onnx);
    for (int at = PackedFile.CONTENT_AT; at < packed.length; at++) {
      byte[] damaged = packed.clone();
      damaged[at] ^= 0x55;
      try {
        PackedModel.unpack(PackedFile.resealed(damaged), "x.sky");
      } catch (BadPackedModelException e) {
        assertThat(e.getMessage()).hasSizeLessThan(300).doesNotContain("\n");
      }
    }
  }

  @Test
  void tooManyPartsAreNoTensors() throws Exception {
    byte[] onnx = inParts("w", 70_000);
    assertThatExceptionOfType(Skeleton.NotWalkableException.class)
        .isThrownBy(() -> Skeleton.holes(onnx))
        .withMessageContaining("too many tensors");
    assertThat(PackedModel.unpack(PackedModel.pack(onnx), "x.sky")).isEqualTo(onnx);
  }

  @Test
  void settingContextsUpIsCountedAsWork() {
    long sections = ContextBudget.DECISIONS / ByteCoder.CONTEXTS.decisions(1);
    assertThat(sections).isLessThan(3000);
    assertThat(ContextBudget.DECISIONS / SymbolContexts.decisions(1, 64)).isLessThan(40_000);
  }

  @Test
  void valuesChosenToCollideCostNoMoreThanOthers() {
    long inverse = 1;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - 0x9e3779b97f4a7c15L * inverse; // Newton's iteration modulo 2^64
    }
    int values = 1 << 15;
    ByteBuffer bytes = ByteBuffer.allocate(values * 16 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int i = bytes.position() / Long.BYTES % values;
      bytes.putLong(inverse * (7L << 40 | i)); // all in one slot under a multiplier known before
    }
    Elements elements = new Elements(bytes.array(), 0, values * 16, Long.BYTES);
    long start = THREAD.getCurrentThreadCpuTime();
    DistinctValues distinct = DistinctValues.of(elements, 1 << 16).orElseThrow();
    assertThat(distinct.ascending()).hasSize(values);
    assertThat((THREAD.getCurrentThreadCpuTime() - start) / 1e9).isLessThan(1.5);
  }

  @Test
  void wordsOfHuffmanThatAreFollowedByMoreAreRefused() {
    char[] symbols = "abracadabra".repeat(9).toCharArray();
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] -= 'a';
    }
    HuffmanCode code = HuffmanCode.of(SymbolStream.counts(symbols, 26));
    byte[] coded = code.encode(symbols);
    assertThat(code.decode(coded, new char[symbols.length])).isTrue();
    byte[] longer = Arrays.copyOf(coded, coded.length + 1);
    assertThat(code.decode(longer, new char[symbols.length])).isFalse();
  }

  /** Of so many symbols of an alphabet: coding, coder, their bytes. */
  private static byte[] fixed(char[] symbols, int alphabet) {
    PackedWriter out = new PackedWriter();
    SymbolStream.write(out, symbols, alphabet, new ContextBudget());
    byte[] bytes = out.toByteArray();
    assertThat(bytes[0]).as("fixed width").isZero();
    assertThat(bytes[1]).as("stored").isZero();
    return bytes;
  }

  private static char[] read(byte[] bytes, int count, int alphabet) {
    return SymbolStream.read(new PackedReader(bytes, 0, "x.sky"), count, alphabet, "w");
  }

  /** One tensor has one packed form: nothing can be hidden behind its last symbol. */
  @Test
  void bitsThatFillTheLastByteUpMustBeZero() {
    char[] symbols = {1, 2, 0, 1, 2, 1, 2};
    for (int alphabet : new int[] {3, 4, 5, 6, 7, 9, 15}) {
      byte[] bytes = fixed(symbols, alphabet);
      assertThat(read(bytes.clone(), symbols.length, alphabet)).isEqualTo(symbols);
      byte[] filled = bytes.clone();
      int last = filled.length - 1;
      boolean digits = alphabet == 3 || alphabet == 5 || alphabet == 6;
      int used = digits ? (int) Math.pow(alphabet, alphabet == 3 ? 2 : 1) : 1;
      filled[last] = (byte) (filled[last] + used);
      assertThat(filled[last]).isNotEqualTo(bytes[last]);
      assertThatExceptionOfType(BadPackedModelException.class)
          .as("alphabet of " + alphabet)
          .isThrownBy(() -> read(filled, symbols.length, alphabet))
          .withMessageContaining("behind the last symbol");
    }
    // 243 and more are no five digits to the base of 3
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> read(new byte[] {0, 0, (byte) 243}, 5, 3))
        .withMessageContaining("behind the last symbol");
    assertThat(read(new byte[] {0, 0, (byte) 242}, 5, 3)).containsOnly((char) 2);
  }

  @Test
  void bitsThatFillUpACodebookAndItsHuffmanCodeMustBeZero() {
    byte[] codebook = {3, 0, 5, (byte) 0b00101001, (byte) 0b10000000}; // 1, 2, 3, times 32
    assertThat(Codebook.read(new PackedReader(codebook, 0, "x.sky"), 1, 9).size()).isEqualTo(3);
    codebook[4] |= 1;
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> Codebook.read(new PackedReader(codebook, 0, "x.sky"), 1, 9))
        .withMessageContaining("behind the last symbol");

    char[] symbols = {0, 1, 2, 0, 0};
    byte[] code = {1, 0, 0x12, 0x20, 1, 0b01011000}; // words of 1, 2 and 2 bits
    assertThat(read(code.clone(), 5, 3)).isEqualTo(symbols);
    for (int at : new int[] {3, 5}) {
      byte[] filled = code.clone();
      filled[at] |= 1;
      assertThatExceptionOfType(BadPackedModelException.class).isThrownBy(() -> read(filled, 5, 3));
    }
  }

  @Test
  void numbersBelowZeroAreNeverWritten() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new PackedWriter().number(-1));
    assertThat("\u0000".getBytes(StandardCharsets.UTF_8))
        .isEqualTo(new PackedWriter().number(0).toByteArray());
  }
}
