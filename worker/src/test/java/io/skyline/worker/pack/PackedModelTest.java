package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
      // past the checksum, into the decompressor
      byte[] framed = Arrays.copyOf(PackedModel.pack(MODEL), 41 + noise.length);
      System.arraycopy(noise, 0, framed, 41, noise.length);
      assertRefused(withChecksum(framed), i);
    }
  }

  private static void assertRefused(byte[] bytes, int step) {
    assertThatExceptionOfType(BadPackedModelException.class)
        .as("step %d", step)
        .isThrownBy(() -> PackedModel.unpack(bytes, "x.sky"))
        .withMessageMatching("x\\.sky: byte \\d+: .+");
  }

  private static byte[] withChecksum(byte[] packed) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(packed, 37, packed.length - 37);
      System.arraycopy(digest.digest(), 0, packed, 5, 32);
      return packed;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLieAboutTheLengthIsRefusedEvenWithAGoodChecksum() {
    for (int lie : new int[] {0, 1, MODEL.length - 1, MODEL.length + 1, -1, Integer.MAX_VALUE}) {
      byte[] packed = PackedModel.pack(MODEL);
      ByteBuffer.wrap(packed).putInt(37, lie);
      assertRefused(withChecksum(packed), lie);
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
    packed[4] = 9;
    Files.write(file, packed);
    assertThatExceptionOfType(BadPackedModelException.class)
        .isThrownBy(() -> PackedModel.unpack(file))
        .withMessage(file + ": byte 4: format version 9; this Skyline reads version 1");
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
