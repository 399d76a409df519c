package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.data.UnlabelledSource.Format;
import io.skyline.scorecard.DataCard;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlabelledSourceTest {
  private static final Place PLACE = new Place("mine.yaml", 7, 42);
  private static final Shape GREY = new Shape(1, 2, 3);

  @TempDir Path folder;

  private static LabelledImages images(Shape shape, int count, int first) {
    byte[] pixels = new byte[(int) (count * shape.elements())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (first + i);
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 2;
    }
    return new LabelledImages(shape, pixels, labels);
  }

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

  private Path npz(String array, byte[] content) throws IOException {
    Path file = folder.resolve("more.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(array + ".npy"));
      zip.write(content);
    }
    return file;
  }

  private static UnlabelledSource source(Format format, Path path) {
    return new UnlabelledSource(format, path, null, false, PLACE);
  }

  private static List<byte[]> records(UnlabelledSource source, SplitExamples like) {
    try (UnlabelledSource.Read read = source.read(like)) {
      List<byte[]> records = new ArrayList<>();
      for (int i = 0; i < read.examples().count(); i++) {
        byte[] record = new byte[like.recordBytes()];
        read.examples().read(i, record);
        records.add(record);
      }
      return records;
    }
  }

  @Test
  void everyFormatGivesItsExamplesWithoutAskingForLabels() throws IOException {
    SplitExamples like = images(GREY, 4, 0);
    byte[] first = {10, 11, 12, 13, 14, 15};
    byte[] second = {16, 17, 18, 19, 20, 21};
    byte[] both = images(GREY, 2, 10).pixels();
    Path idx =
        Files.write(folder.resolve("i"), IdxFiles.gzip(IdxFiles.images(images(GREY, 2, 10))));
    assertThat(records(source(Format.IDX, idx), like)).containsExactly(first, second);
    Path npz = npz("images", npy("|u1", "2, 2, 3", both));
    assertThat(records(source(Format.NPZ, npz), like)).containsExactly(first, second);
    Path npy = Files.write(folder.resolve("i.npy"), npy("|u1", "2, 2, 3, 1", both));
    assertThat(records(source(Format.NPY, npy), like)).containsExactly(first, second);

    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, 3, 2, first);
    Path deep = Files.createDirectories(folder.resolve("pictures/of/things"));
    assertThat(ImageIO.write(image, "png", deep.resolve("a.png").toFile())).isTrue();
    assertThat(records(source(Format.FOLDER, folder.resolve("pictures")), like))
        .containsExactly(first);
  }

  @Test
  void whatCannotBeUsedIsToldAtItsPlaceInTheConfig() throws IOException {
    SplitExamples like = images(GREY, 4, 0);
    Path other = npz("x", npy("|u1", "2, 3, 2", new byte[12]));
    assertThatThrownBy(() -> source(Format.NPZ, other).read(like))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageStartingWith("mine.yaml:7:42: the transfer data cannot be used: ")
        .hasMessageContaining(
            "more.npz has examples of bytes 1x3x2, the training data of bytes 1x2x3");
    Path floats = Files.write(folder.resolve("f.npy"), npy("<f4", "1, 2, 3", new byte[24]));
    assertThatThrownBy(() -> source(Format.NPY, floats).read(like))
        .hasMessageContaining("has examples of floats 1x2x3");
    assertThatThrownBy(() -> source(Format.IDX, folder.resolve("none")).read(like))
        .hasMessageStartingWith("mine.yaml:7:42: ")
        .hasMessageContaining("there is no file");
    Path nothing = npz("weights", npy("|u1", "2, 2, 3", new byte[12]));
    assertThatThrownBy(() -> source(Format.NPZ, nothing).read(like))
        .hasMessageContaining("has no array images|x|");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertThatThrownBy(() -> source(Format.FOLDER, empty).read(like))
        .hasMessageContaining("has no example that can be used");
  }

  @Test
  void anExampleThatIsNoNumberEndsTheReadingOrIsCounted() throws IOException {
    ByteBuffer values = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    values.putFloat(1).putFloat(2).putFloat(Float.NaN).putFloat(4);
    Path npy = Files.write(folder.resolve("f.npy"), npy("<f4", "2, 2", values.array()));
    Intake intake = new Intake(Shape.flat(2), true);
    try (intake) {
      SplitExamples like = intake.select(new int[0]);
      assertThatThrownBy(() -> source(Format.NPY, npy).read(like))
          .hasMessageContaining("example 1 holds a value that is no finite number");
      UnlabelledSource lenient = new UnlabelledSource(Format.NPY, npy, null, true, PLACE);
      try (UnlabelledSource.Read read = lenient.read(like)) {
        assertThat(read.examples().count()).isEqualTo(1);
        assertThat(read.skipped().count()).isEqualTo(1);
      }
    }
  }

  @Test
  void theyBecomeAnArtifactOfTheirOwnAndChangeNoOther() throws IOException {
    Path npz = npz("images", npy("|u1", "3, 28, 28", new byte[3 * 784]));
    DataSource source = new EmbeddedSource("fashion-mini");
    try (ArtifactStore store = ArtifactStore.open(folder.resolve("store"), 1 << 30)) {
      DataPreparer preparer = new DataPreparer(store);
      DataCard plain = preparer.prepare(source);
      DataCard card = preparer.prepare(source, Optional.of(source(Format.NPZ, npz)));
      DataCard.Split unlabelled = card.unlabelled().orElseThrow();
      assertThat(unlabelled.examples()).isEqualTo(3);
      assertThat(store.has(unlabelled.digest())).isTrue();
      assertThat(card).isEqualTo(plain.withUnlabelled(unlabelled));
    }
  }
}
