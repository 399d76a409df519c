package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.data.NumpySource.Given;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumpySourceTest {
  private static final SplitRule RULE =
      new SplitRule(new Holdout.Share(0.2), new Holdout.Share(0.2), 1);

  @TempDir Path folder;

  private static byte[] npy(String type, String shape, byte[] content) {
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n".formatted(type, shape);
    return ByteBuffer.allocate(10 + text.length() + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length())
        .put(text.getBytes(StandardCharsets.ISO_8859_1))
        .put(content)
        .array();
  }

  private static byte[] longs(int count, int classes) {
    ByteBuffer bytes = ByteBuffer.allocate(count * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putLong(i % classes);
    }
    return bytes.array();
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] counted(int bytes) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) i;
    }
    return content;
  }

  private Path npz(String name, Map<String, byte[]> arrays) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : new TreeMap<>(arrays).entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    }
    return file;
  }

  private static NumpySource source(
      @Nullable ArrayLayout layout, boolean regression, boolean skipBad, Given... files) {
    return new NumpySource("arrays", List.of(files), layout, regression, List.of(), RULE, skipBad);
  }

  private static Given train(Path file) {
    return new Given("train", file, null);
  }

  @Test
  void readsTheFormInWhichKerasBringsMnist() throws IOException {
    Path file =
        npz(
            "mnist.npz",
            Map.of(
                "x_train", npy("|u1", "20, 2, 3", counted(120)),
                "y_train", npy("|u1", "20,", counted(20)),
                "x_test", npy("|u1", "4, 2, 3", counted(24)),
                "y_test", npy("|u1", "4,", counted(4))));
    // every class has one example, of which validation takes a fifth: they would lack in training
    assertThatThrownBy(() -> source(null, false, false, train(file)).read())
        .hasMessageContaining("has no training example");
    Path fewer =
        npz(
            "fewer.npz",
            Map.of(
                "x_train", npy("|u1", "20, 2, 3", counted(120)),
                "y_train", npy("<i8", "20,", longs(20, 4)),
                "x_test", npy("|u1", "4, 2, 3", counted(24)),
                "y_test", npy("|u1", "4,", counted(4))));
    try (DataSplits splits = source(null, false, false, train(fewer)).read()) {
      assertThat(splits.train().shape()).isEqualTo(new Shape(1, 2, 3));
      assertThat(splits.train().areFloats()).isFalse();
      assertThat(splits.train().count()).isEqualTo(16);
      assertThat(splits.test().count()).isEqualTo(4);
      assertThat(splits.test().label(3)).isEqualTo(3);
      byte[] image = new byte[6];
      splits.test().read(1, image);
      assertThat(image).containsExactly(6, 7, 8, 9, 10, 11);
    }
  }

  @Property(tries = 30)
  void everyLayoutIsBroughtToChannelsFirst(
      @ForAll @IntRange(min = 2, max = 5) int height, @ForAll @IntRange(min = 2, max = 5) int width)
      throws IOException {
    folder = Files.createTempDirectory("layouts");
    int length = 3 * height * width;
    // value = 100 * channel + 10 * row + column, for either layout
    byte[] last = new byte[10 * length];
    byte[] first = new byte[10 * length];
    for (int n = 0; n < 10; n++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            byte value = (byte) (80 * c + 10 * y + x);
            last[n * length + (y * width + x) * 3 + c] = value;
            first[n * length + (c * height + y) * width + x] = value;
          }
        }
      }
    }
    byte[] labels = npy("<i8", "10,", longs(10, 2));
    Path hwc =
        npz(
            "hwc.npz",
            Map.of("x", npy("|u1", "10, " + height + ", " + width + ", 3", last), "y", labels));
    Path chw =
        npz(
            "chw.npz",
            Map.of("x", npy("|u1", "10, 3, " + height + ", " + width, first), "y", labels));
    try (DataSplits one = source(ArrayLayout.HWC, false, false, train(hwc)).read();
        DataSplits other = source(ArrayLayout.CHW, false, false, train(chw)).read()) {
      assertThat(one.train().shape()).isEqualTo(new Shape(3, height, width));
      byte[] a = new byte[length];
      byte[] b = new byte[length];
      one.train().read(0, a);
      other.train().read(0, b);
      assertThat(a).isEqualTo(b).isEqualTo(Arrays.copyOf(first, length));
    }
  }

  @Test
  void numbersToPredictFromSignals() throws IOException {
    float[] signals = new float[10 * 2 * 3];
    for (int i = 0; i < 60; i++) {
      signals[i] = i / 4f;
    }
    Path examples = folder.resolve("x.npy");
    Path targets = folder.resolve("y.npy");
    Files.write(examples, npy("<f4", "10, 2, 3", floats(signals)));
    Files.write(targets, npy("<f4", "10, 1", floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));
    Given given = new Given("train", examples, targets);
    try (DataSplits splits = source(ArrayLayout.CL, true, false, given).read()) {
      assertThat(splits.train().shape()).isEqualTo(new Shape(2, 1, 3));
      assertThat(splits.target()).contains("target");
      byte[] record = new byte[24];
      splits.train().read(0, record);
      float first = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).getFloat();
      assertThat(splits.train().target(0)).isEqualTo(1 + first * 4 / 6);
    }
  }

  @Test
  void aValueThatIsNoNumberIsNamedOrSkipped() throws IOException {
    float[] values = new float[20];
    values[7] = Float.NaN;
    Path file =
        npz(
            "nan.npz",
            Map.of(
                "images", npy("<f4", "10, 2", floats(values)),
                "labels", npy("<i8", "10,", longs(10, 2))));
    assertThatThrownBy(() -> source(null, false, false, train(file)).read())
        .hasMessageContaining("images.npy, byte ")
        .hasMessageContaining("example 3 holds a value that is no finite number");
    try (DataSplits splits = source(null, false, true, train(file)).read()) {
      assertThat(splits.skipped().count()).isEqualTo(1);
    }
  }

  @Test
  void brokenFilesNameThemselvesAndTheByte() throws IOException {
    byte[] images = npy("|u1", "10, 2, 2", counted(40));
    byte[] labels = npy("<i8", "10,", longs(10, 2));
    Object[][] cases = {
      {Arrays.copyOf(images, images.length - 3), labels, "x.npy, byte 10: the header declares"},
      {"no array, but long enough".getBytes(StandardCharsets.UTF_8), labels, "x.npy, byte 0"},
      {npy("|u1", "10, 2, 2, 2, 2", counted(160)), labels, "which axis is which"},
      {npy("<c8", "10, 2", counted(160)), labels, "the elements are '<c8'"},
      {npy("|u1", "0, 2", new byte[0]), labels, "the shape is (0, 2)"},
      {images, npy("<i8", "9,", longs(9, 2)), "y.npy, byte 10: there are 9 of them"},
      {images, npy("<i8", "10, 3", longs(30, 2)), "not one-hot vectors"},
      {images, npy("<f4", "10,", floats(0, 1, 2, .5f, 0, 1, 0, 1, 0, 1)), "label 0.5"},
    };
    for (Object[] broken : cases) {
      Path examples = Files.write(folder.resolve("x.npy"), (byte[]) broken[0]);
      Path answers = Files.write(folder.resolve("y.npy"), (byte[]) broken[1]);
      Given given = new Given("train", examples, answers);
      assertThatThrownBy(() -> source(null, false, false, given).read())
          .isInstanceOf(DataException.class)
          .hasMessageContaining((String) broken[2]);
    }
    Path text = Files.writeString(folder.resolve("text.npz"), "no archive");
    assertThatThrownBy(() -> source(null, false, false, train(text)).read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("text.npz");
  }
}
