package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.hashing.KernelShape;
import io.skyline.worker.network.Network;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedModelTest {
  private static final byte[] MODEL =
      "a model, a model, a model and its weights 0123456789".getBytes(StandardCharsets.US_ASCII);

  @Property(tries = 300)
  void unpackingGivesWhatWasPacked(@ForAll @Size(max = 3000) byte[] model) {
    byte[] packed = PackedModel.pack(model);
    assertThat(PackedModel.unpack(packed, "x.sky")).isEqualTo(model);
    assertThat(PackedModel.pack(model)).isEqualTo(packed);
  }

  @Test
  void anyChangedByteIsRefused() {
    byte[] packed = PackedModel.pack(MODEL);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 4000; i++) {
      byte[] damaged = packed.clone();
      int at = i < packed.length ? i : random.nextInt(packed.length);
      damaged[at] ^= (byte) (1 + random.nextInt(255));
      assertRefused(damaged, i);
    }
  }

  @Test
  void anyCutOrLengthenedFileIsRefused() {
    byte[] packed = PackedModel.pack(MODEL);
    for (int length = 0; length < packed.length; length++) {
      assertRefused(Arrays.copyOf(packed, length), length);
    }
    for (int more = 1; more < 50; more++) {
      assertRefused(Arrays.copyOf(packed, packed.length + more), more);
    }
  }

  @Test
  void noiseIsRefused() {
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertRefused(noise, i);
    }
  }

  private static void assertRefused(byte[] bytes, int step) {
    assertThatExceptionOfType(BadPackedModelException.class)
        .as("step %d", step)
        .isThrownBy(() -> PackedModel.unpack(bytes, "x.sky"))
        .withMessageMatching("x\\.sky: byte \\d+: .+");
  }

  @Test
  void aLieAboutTheLengthIsRefusedEvenWithAGoodChecksum() {
    byte[] packed = PackedModel.pack(MODEL);
    // both lengths are of one byte, and the same: no tensors
    assertThat(packed[PackedFile.CONTENT_AT]).isEqualTo((byte) MODEL.length);
    for (int lie : new int[] {0, 1, MODEL.length - 1, MODEL.length + 1, 127}) {
      byte[] lying = packed.clone();
      lying[PackedFile.CONTENT_AT] = (byte) lie;
      assertRefused(PackedFile.resealed(lying), lie);
      lying[PackedFile.CONTENT_AT + 1] = (byte) lie;
      // a coder without an end of its own decodes as much as is announced, and no more
      byte[] resealed = PackedFile.resealed(lying);
      try {
        assertThat(PackedModel.unpack(resealed, "x.sky")).hasSize(lie);
      } catch (BadPackedModelException e) {
        assertRefused(resealed, lie);
      }
    }
  }

  @Test
  void aSmallFileThatAnnouncesTheLargestModelTakesNoMemory() {
    byte[] content =
        new PackedWriter()
            .number(PackedModel.LARGEST_MODEL)
            .number(PackedModel.LARGEST_MODEL)
            .unsignedByte(ByteCoder.ZSTD.ordinal())
            .number(50)
            .all(new byte[50])
            .toByteArray();
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(PackedFile.seal(content), "x.sky"))
        .withMessage("x.sky: byte 31: the skeleton: 50 bytes cannot be 268435456");
  }

  @Test
  void everyCodingAndEveryCoderIsRead() {
    for (TensorCoding coding : TensorCoding.values()) {
      assertThat(PackedModel.unpack(ForcedCodings.tensor(coding), "x.sky"))
          .as("%s", coding)
          .isEqualTo(ForcedCodings.model(coding));
    }
    for (ByteCoder coder : ByteCoder.values()) {
      assertThat(PackedModel.unpack(ForcedCodings.skeleton(coder), "x.sky"))
          .as("%s", coder)
          .isEqualTo(ForcedCodings.text());
    }
  }

  @Property(tries = 60)
  void tensorsOfAnyBytesAndTypesComeBack(
      @ForAll @Size(max = 600) byte[] bytes,
      @ForAll @IntRange(min = 0, max = 18) int type,
      @ForAll @IntRange(min = 1, max = 40) int times,
      @ForAll @Size(max = 4) List<@LongRange(min = -1, max = 9) Long> dimensions) {
    byte[] repeated = new byte[bytes.length * times];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = bytes[i % bytes.length];
    }
    long[] shape = dimensions.stream().mapToLong(Long::longValue).toArray();
    byte[] onnx =
        new OnnxModels()
            .tensor("once", type, bytes, shape)
            .tensor("often", type, repeated, shape)
            .tensor("empty", type, new byte[0])
            .tensor("zeros", type, new byte[bytes.length * times], bytes.length, times)
            .toByteArray();
    assertThat(PackedModel.unpack(PackedModel.pack(onnx), "x.sky")).isEqualTo(onnx);
  }

  @Test
  void notNumbersKeepTheirBits() {
    float[] values = new float[3000];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          Float.intBitsToFloat(i % 3 == 0 ? 0x7fc00000 | i % 5 : i % 3 == 1 ? 0x80000000 : 0);
    }
    byte[] onnx = new OnnxModels().floats("w", values, 30, 100).toByteArray();
    byte[] packed = PackedModel.pack(onnx);
    assertThat(PackedModel.unpack(packed, "x.sky")).isEqualTo(onnx);
    assertThat(packed.length).isLessThan(1000);
  }

  @Test
  void exportedNetworksComeBackAndShrink() {
    SplittableRandom random = new SplittableRandom(20);
    for (long seed = 0; seed < 12; seed++) {
      Network network =
          BatchNormFolding.fold(SampleNetworks.drawn(SampleNetworks.random(random), seed));
      Examples images = SampleNetworks.images(network.architecture().input(), 20, 3, seed);
      List<Encoding> encodings =
          List.of(
              Encoding.FLOAT32,
              Encoding.FLOAT16,
              new Encoding.Int8(SampleNetworks.ranges(network, images)));
      for (Encoding encoding : encodings) {
        byte[] onnx = OnnxWriter.write(network, encoding);
        byte[] packed = PackedModel.pack(onnx);
        assertThat(PackedModel.unpack(packed, "x.sky")).isEqualTo(onnx);
        assertThat(packed.length).as("seed %d", seed).isLessThan(Zstd.compress(onnx, 19).length);
      }
    }
  }

  @Test
  void aModelThatIsCutOffIsPackedAllTheSame() {
    byte[] whole = ForcedCodings.model();
    for (int length = 0; length < whole.length; length += 97) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThat(PackedModel.unpack(PackedModel.pack(part), "x.sky")).isEqualTo(part);
    }
  }

  @Test
  void errorsNameTheFileTheByteAndTheReason(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("m.sky");
    Files.write(file, MODEL);
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(file))
        .withMessage(file + ": byte 0: not a packed model (no 'SKYM' there)");
    byte[] packed = PackedModel.pack(MODEL);
    packed[4] = 1;
    Files.write(file, packed);
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(file))
        .withMessage(file + ": byte 4: format version 1; this Skyline reads 2 to 3");
  }

  @Test
  void versionTwoIsReadToo() {
    byte[] packed = PackedModel.pack(ForcedCodings.model());
    packed[4] = 2;
    assertThat(PackedModel.unpack(packed, "x.sky")).isEqualTo(ForcedCodings.model());
  }

  @Test
  void versionTwoKnowsNoHashedKernels() {
    KernelShape shape = new KernelShape(8, 12, 3, 3);
    byte[] packed = PackedModel.pack(new OnnxModels().hashed("w", shape, 100, 3).toByteArray());
    packed[4] = 2;
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(packed, "x.sky"))
        .withMessageContaining("no coding of tensors has the number 6");
  }

  @Property(tries = 40)
  void hashedKernelsComeBack(
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll @IntRange(min = 1, max = 40) int inputs,
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @IntRange(min = 1, max = 999) int kept,
      @ForAll long seed) {
    KernelShape shape = new KernelShape(outputs, inputs, height, width);
    byte[] onnx = new OnnxModels().hashed("w", shape, kept, seed).toByteArray();
    byte[] packed = PackedModel.pack(onnx);
    assertThat(PackedModel.unpack(packed, "x.sky")).isEqualTo(onnx);
    if (shape.size() > 2000 && kept < 500) {
      assertThat(PackedTensors.of(packed, "x.sky").tensors().get(0).coding()).isEqualTo("hashed");
    }
  }

  @Test
  void aFileLargerThanAnyModelIsNotReadToItsEnd(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("huge.sky");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(40L << 30);
    }
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(file))
        .withMessageContaining("larger than any packed model");
  }
}
