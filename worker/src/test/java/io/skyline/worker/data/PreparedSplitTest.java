package io.skyline.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard.Split;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedSplitTest {
  @TempDir Path folder;

  @Test
  void readsWhatTheCoordinatorWrites() throws IOException {
    // The coordinator's DataPreparerTest writes the very same file.
    byte[] file;
    try (InputStream in = getClass().getResourceAsStream("two-images.npz")) {
      file = in.readAllBytes();
    }

    Examples examples = read(file, SplitFiles.split(file, 2));

    assertThat(examples.shape()).isEqualTo(new Shape(1, 2, 3));
    assertThat(examples.pixels())
        .containsExactly(1, 2, 3, 4, 5, 6, (byte) 250, (byte) 251, (byte) 252, 10, 11, 12);
    assertThat(examples.labels()).containsExactly(3, 1);
  }

  @Test
  void readsDeflatedFilesToo() throws IOException {
    byte[] file = SplitFiles.npz(50, 9);

    Examples examples = read(file, SplitFiles.split(file, 50));

    assertThat(examples.count()).isEqualTo(50);
    assertThat(examples.pixels()).hasSize(200).containsOnly(9);
    assertThat(Arrays.copyOf(examples.labels(), 4)).containsExactly(0, 1, 2, 0);
  }

  @Test
  void readsTablesAndNumbersToPredict() throws IOException {
    byte[] values = floats(1.5f, -2, 3, 1e30f);
    byte[] file =
        SplitFiles.zip(
            Map.of(
                "values.npy", SplitFiles.npy("<f4", "2, 2, 1, 1", values),
                "targets.npy", SplitFiles.npy("<f4", "2,", floats(7, 8))));

    Examples examples = read(file, SplitFiles.split(file, 2));

    assertThat(examples.shape()).isEqualTo(Shape.flat(2));
    assertThat(examples.targets()).containsExactly(7, 8);
    float[] read = new float[5];
    examples.read(1, read, 2);
    assertThat(read).containsExactly(0, 0, 3, 1e30f, 0);
  }

  @Test
  void whatIsTooLargeForMemoryStaysInItsFileAndReadsTheSame() throws IOException {
    byte[] file;
    try (InputStream in = getClass().getResourceAsStream("two-images.npz")) {
      file = in.readAllBytes();
    }
    Path path = folder.resolve("large");
    Files.write(path, file);
    Split split = SplitFiles.split(file, 2);

    Examples filed = PreparedSplit.read(path, split, file.length - 1);
    Files.delete(path); // another process may make room in the cache

    Examples held = read(file, split);
    assertThat(filed.pixels()).isEqualTo(held.pixels());
    assertThat(filed.labels()).isEqualTo(held.labels());
    float[] one = new float[6];
    filed.read(1, one, 0);
    assertThat(one).containsExactly(250, 251, 252, 10, 11, 12);
    assertThat(filed.select(new int[] {1, 0}).pixels())
        .isEqualTo(held.select(new int[] {1, 0}).pixels());
  }

  @Test
  void whatOthersFollowIsTakenAgainWithoutACopy() throws IOException {
    byte[] file = SplitFiles.npz(50, 9);
    Examples first = read(file, SplitFiles.split(file, 50));
    Examples again = first.followedBy(first).slice(0, 50);
    assertThat(again.pixels()).isSameAs(first.pixels());
    assertThat(again.labels()).isEqualTo(first.labels());
    assertThat(first.followedBy(first).slice(1, 51).pixels()).hasSameSizeAs(first.pixels());
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  @Test
  void refusesAFileWithAnotherDigest() throws IOException {
    byte[] file = SplitFiles.npz(50, 9);
    Split split = SplitFiles.split(file, 50);
    file[file.length / 2] ^= 1;

    assertThatThrownBy(() -> read(file, split))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("should hash to " + split.digest());
  }

  @Test
  void refusesATruncatedFileByItsDigest() throws IOException {
    byte[] file = SplitFiles.npz(50, 9);

    assertThatThrownBy(() -> read(Arrays.copyOf(file, 100), SplitFiles.split(file, 50)))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("should hash to");
  }

  @Test
  void refusesWhatIsNotAPreparedSplit() throws IOException {
    assertRefused(new byte[100], "it lacks images.npy or labels.npy");
    assertRefused(with("labels.npy", null), "it lacks images.npy or labels.npy");
    assertRefused(with("images.npy", new byte[64]), "images.npy is no NPY file");
    assertRefused(
        with("labels.npy", SplitFiles.npy("<i8", "5,", new byte[40])),
        "labels.npy holds <i8 in 1 dimensions, not <i4 in 1");
    assertRefused(
        with("images.npy", SplitFiles.npy("|u1", "5, 2, 2", new byte[20])),
        "images.npy holds |u1 in 3 dimensions");
    assertRefused(
        with("images.npy", SplitFiles.npy("|u1", "6, 1, 2, 2", new byte[24])),
        "images.npy has 6 examples, its card says 5");
    assertRefused(
        with("images.npy", SplitFiles.npy("|u1", "5, 1, 2, 2", new byte[19])),
        "images.npy does not hold the elements");
    assertRefused(
        with("images.npy", SplitFiles.npy("|u1", "5, 1, 2, 2", new byte[21])),
        "images.npy does not hold the elements");
    assertRefused(
        with("images.npy", SplitFiles.npy("|u1", "5, 1, 0, 2", new byte[0])), "an extent of 0");
    assertRefused(
        with("images.npy", SplitFiles.npy("|u1", "5, 3, 30000, 30000", new byte[20])),
        "images.npy claims 13,500,000,000 bytes in a file of");
    assertRefused(
        with("images.npy", SplitFiles.npy("|u1", "5, 1, 2, 99999999999", new byte[20])),
        "images.npy has the shape");
  }

  private void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> read(file, SplitFiles.split(file, 5)))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining(message);
  }

  private static byte[] with(String name, byte[] content) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    entries.put("images.npy", SplitFiles.npy("|u1", "5, 1, 2, 2", new byte[20]));
    entries.put("labels.npy", SplitFiles.npy("<i4", "5,", SplitFiles.labels(5)));
    if (content == null) {
      entries.remove(name);
    } else {
      entries.put(name, content);
    }
    return SplitFiles.zip(entries);
  }

  private Examples read(byte[] content, Split split) throws IOException {
    return PreparedSplit.read(Files.write(folder.resolve("split.npz"), content), split);
  }
}
