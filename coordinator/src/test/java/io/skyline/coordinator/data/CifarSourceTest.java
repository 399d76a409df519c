package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.data.CifarSource.Variant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarSourceTest {
  private static final int PIXELS = 3072;
  private static final SplitRule RULE =
      new SplitRule(new Holdout.Share(0.2), new Holdout.Share(0.2), 1);

  @TempDir Path folder;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  @BeforeEach
  void twoBatchesAndATest() {
    files.put("data_batch_2.bin", records(20, 20));
    files.put("data_batch_1.bin", records(0, 20));
    files.put("test_batch.bin", records(40, 10));
    files.put("batches.meta.txt", names());
    files.put("readme.html", "CIFAR-10".getBytes(StandardCharsets.UTF_8));
  }

  /** Record i has the label i % 10 and pixels that tell it from every other. */
  private static byte[] records(int from, int count) {
    byte[] bytes = new byte[count * (1 + PIXELS)];
    for (int i = 0; i < count; i++) {
      int at = i * (1 + PIXELS);
      bytes[at] = (byte) ((from + i) % 10);
      Arrays.fill(bytes, at + 1, at + 1 + PIXELS, (byte) (from + i));
      bytes[at + PIXELS] = (byte) 200;
    }
    return bytes;
  }

  private static byte[] names() {
    return "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"
        .getBytes(StandardCharsets.UTF_8);
  }

  private Path unpacked() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("cifar/cifar-10-batches-bin"));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(inner.resolve(file.getKey()), file.getValue());
    }
    return folder.resolve("cifar");
  }

  private Path packed() throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    files.forEach((name, bytes) -> entry(tar, "cifar-10-batches-bin/" + name, bytes));
    tar.writeBytes(new byte[1024]);
    return Files.write(folder.resolve("cifar.tar.gz"), IdxFiles.gzip(tar.toByteArray()));
  }

  private static void entry(ByteArrayOutputStream tar, String name, byte[] content) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 124, "%011o\0".formatted(content.length));
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    tar.writeBytes(header);
    tar.writeBytes(content);
    tar.writeBytes(new byte[(512 - content.length % 512) % 512]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static DataSplits read(Path path, boolean skipBad) {
    return new CifarSource("cifar", path, Variant.CIFAR10, RULE, skipBad).read();
  }

  @Test
  void readsTheFolderAndTheArchiveAlike() throws IOException {
    try (DataSplits unpacked = read(unpacked(), false);
        DataSplits packed = read(packed(), false)) {
      assertThat(unpacked.classNames()).hasSize(10).startsWith("airplane").endsWith("truck");
      assertThat(packed.classNames()).isEqualTo(unpacked.classNames());
      for (DataSplits splits : java.util.List.of(unpacked, packed)) {
        assertThat(splits.train().count()).isEqualTo(32);
        assertThat(splits.validation().count()).isEqualTo(8);
        assertThat(splits.test().count()).isEqualTo(10);
      }
      byte[] one = new byte[PIXELS];
      byte[] other = new byte[PIXELS];
      for (int i = 0; i < 32; i++) {
        unpacked.train().read(i, one);
        packed.train().read(i, other);
        assertThat(other).isEqualTo(one);
        assertThat(unpacked.train().label(i)).isEqualTo(one[0] % 10);
        assertThat(one[PIXELS - 1]).isEqualTo((byte) 200);
      }
      unpacked.test().read(3, one);
      assertThat(one[0]).isEqualTo((byte) 43);
    }
  }

  @Test
  void aHundredClassesHaveTwoLabelsARecord() throws IOException {
    byte[] train = new byte[200 * (2 + PIXELS)];
    for (int i = 0; i < 200; i++) {
      train[i * (2 + PIXELS)] = (byte) (i % 20);
      train[i * (2 + PIXELS) + 1] = (byte) (i % 100);
    }
    Path path = Files.createDirectories(folder.resolve("cifar-100-binary"));
    Files.write(path.resolve("train.bin"), train);
    Files.write(path.resolve("test.bin"), Arrays.copyOf(train, 5 * (2 + PIXELS)));
    SplitRule rule = new SplitRule(new Holdout.Count(50), new Holdout.Share(0.1), 1);
    for (Variant variant : java.util.List.of(Variant.CIFAR100, Variant.CIFAR100_COARSE)) {
      try (DataSplits splits = new CifarSource("c", path, variant, rule, false).read()) {
        assertThat(splits.classNames()).hasSize(variant == Variant.CIFAR100 ? 100 : 20);
        assertThat(splits.train().count()).isEqualTo(150);
        assertThat(splits.test().label(4)).isEqualTo(4);
      }
    }
  }

  @Test
  void aCutFileNamesItselfAndTheByteOfTheRecordThatLacks() throws IOException {
    byte[] whole = records(20, 20);
    files.put("data_batch_2.bin", Arrays.copyOf(whole, whole.length - 7));
    Path path = unpacked();
    assertThatThrownBy(() -> read(path, true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data_batch_2.bin, byte 58,387:")
        .hasMessageContaining("no whole number of records");
  }

  @Test
  void aWrongLabelIsNamedWithItsByteOrSkippedAndCounted() throws IOException {
    byte[] wrong = records(0, 20);
    wrong[4 * (1 + PIXELS)] = 77;
    files.put("data_batch_1.bin", wrong);
    Path path = unpacked();
    assertThatThrownBy(() -> read(path, false))
        .hasMessageContaining("data_batch_1.bin, byte 12,292: label 77 in record 4")
        .hasMessageContaining("skip_bad: true");
    try (DataSplits splits = read(path, true)) {
      assertThat(splits.train().count() + splits.validation().count()).isEqualTo(39);
      assertThat(splits.skipped().count()).isEqualTo(1);
      assertThat(splits.skipped().text()).contains("data_batch_1.bin").contains("label 77");
    }
  }

  @Test
  void aDamagedArchiveNamesTheByte() throws IOException {
    byte[] tar = Files.readAllBytes(packed());
    Path cut = Files.write(folder.resolve("cut.tar.gz"), Arrays.copyOf(tar, tar.length / 2));
    assertThatThrownBy(() -> read(cut, true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cut.tar.gz, byte ");
    Path text = Files.write(folder.resolve("text.tar"), new byte[600]);
    Files.write(text, "x".repeat(600).getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> read(text, true)).hasMessageContaining("no header of a tar archive");
  }

  @Test
  void aFolderWithoutSuchFilesSaysWhatToName() {
    assertThatThrownBy(() -> read(folder, false)).hasMessageContaining("cifar-10-binary.tar.gz");
  }
}
