package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {
  private static final Shape SMALL = new Shape(3, 4, 4);
  private static final SplitRule RULE =
      new SplitRule(new Holdout.Share(0.2), new Holdout.Share(0.2), 1);

  @TempDir Path folder;

  private void image(String path, Color colour, String format) throws IOException {
    BufferedImage image = new BufferedImage(12, 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, 12, 8);
    graphics.dispose();
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
  }

  /** Ten images a class, each of its own red value. */
  private void twoClasses(String under) throws IOException {
    for (int i = 0; i < 10; i++) {
      image(under + "cats/cat" + i + ".png", new Color(100 + i, 0, 0), "png");
      image(under + "dogs/dog" + i + ".PNG", new Color(200 + i, 0, 50), "png");
    }
    Files.writeString(folder.resolve(under + "cats/notes.txt"), "no image");
    Files.writeString(folder.resolve(under + "cats/.hidden.png"), "no image");
  }

  private DataSplits read(Shape shape, boolean skipBad) {
    return new FolderSource("pets", folder, shape, RULE, skipBad).read();
  }

  @Test
  void foldersAreClassesAndPartsAreDrawnWithEachClassesShare() throws IOException {
    twoClasses("");
    try (DataSplits splits = read(SMALL, false)) {
      assertThat(splits.classNames()).containsExactly("cats", "dogs");
      Set<Integer> seen = new HashSet<>();
      for (SplitExamples part :
          java.util.List.of(splits.train(), splits.validation(), splits.test())) {
        int dogs = 0;
        byte[] pixels = new byte[48];
        for (int i = 0; i < part.count(); i++) {
          part.read(i, pixels);
          int red = pixels[0] & 0xff;
          assertThat(part.label(i)).isEqualTo(red >= 200 ? 1 : 0);
          assertThat(pixels[47] & 0xff).isEqualTo(red >= 200 ? 50 : 0);
          assertThat(seen.add(red)).isTrue();
          dogs += part.label(i);
        }
        assertThat(2 * dogs).isEqualTo(part.count());
      }
      assertThat(seen).hasSize(20);
      assertThat(splits.train().count()).isEqualTo(12);
    }
  }

  @Test
  void givenPartsStayWhatTheyAre() throws IOException {
    twoClasses("train/");
    image("test/cats/c.png", new Color(7, 0, 0), "png");
    image("test/dogs/d.jpeg", new Color(0, 0, 250), "jpeg");
    try (DataSplits splits = read(SMALL, false)) {
      assertThat(splits.train().count()).isEqualTo(16);
      assertThat(splits.validation().count()).isEqualTo(4);
      assertThat(splits.test().count()).isEqualTo(2);
      byte[] pixels = new byte[48];
      splits.test().read(0, pixels);
      assertThat(pixels[0]).isEqualTo((byte) 7);
      splits.test().read(1, pixels);
      assertThat(pixels[47] & 0xff).isCloseTo(250, within(4)); // JPEG rounds
    }
  }

  @Test
  void greyIsLuminance() throws IOException {
    twoClasses("");
    try (DataSplits splits = read(new Shape(1, 2, 2), false)) {
      byte[] pixels = new byte[4];
      splits.train().read(0, pixels);
      boolean dog = splits.train().label(0) == 1;
      assertThat(pixels[0] & 0xff).isBetween(dog ? 65 : 29, dog ? 69 : 33);
    }
  }

  @Test
  void oneBadImageAmongManyIsNamedOrSkippedAndCounted() throws IOException {
    twoClasses("");
    Files.writeString(folder.resolve("dogs/dog5.PNG"), "no image at all");
    byte[] whole = Files.readAllBytes(folder.resolve("cats/cat3.png"));
    Files.write(folder.resolve("cats/cat3.png"), java.util.Arrays.copyOf(whole, 40));
    assertThatThrownBy(() -> read(SMALL, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(folder.resolve("cats/cat3.png") + ": a damaged image")
        .hasMessageContaining("skip_bad: true");
    try (DataSplits splits = read(SMALL, true)) {
      assertThat(splits.skipped().count()).isEqualTo(2);
      assertThat(splits.skipped().text())
          .startsWith("2 bad examples were skipped, the first: ")
          .contains("cat3.png");
      assertThat(splits.train().count() + splits.validation().count() + splits.test().count())
          .isEqualTo(18);
    }
  }

  @Test
  void anImageThatClaimsToBeHugeIsRefusedBeforeItIsDecoded() throws IOException {
    twoClasses("");
    byte[] png = Files.readAllBytes(folder.resolve("cats/cat0.png"));
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, 60_000).putInt(20, 60_000);
    CRC32 checksum = new CRC32();
    checksum.update(png, 12, 17);
    header.putInt(29, (int) checksum.getValue());
    Files.write(folder.resolve("cats/cat0.png"), png);
    assertThatThrownBy(() -> read(SMALL, false))
        .hasMessageContaining("cat0.png: an image of 3,600,000,000 pixels; the limit is");
  }

  @Test
  void aTestClassWithoutTrainingImagesIsAnError() throws IOException {
    twoClasses("train/");
    image("test/birds/b.png", Color.RED, "png");
    assertThatThrownBy(() -> read(SMALL, false)).hasMessageContaining("birds");
  }

  @Test
  void aFolderWithoutClassesIsAnError() {
    assertThatThrownBy(() -> read(SMALL, false)).hasMessageContaining("one folder a class");
  }
}
