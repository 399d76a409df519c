package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a user's files were ever broken: the message names the file and the byte. */
class BrokenIdxTest {
  private static final int COUNT = 100;

  @TempDir Path folder;
  private byte[] images;
  private byte[] labels;

  @BeforeEach
  void write() throws IOException {
    byte[] pixels = new byte[COUNT * 64];
    new Random(1).nextBytes(pixels);
    int[] classes = new int[COUNT];
    Arrays.setAll(classes, i -> i % 10);
    images = IdxFiles.images(new LabelledImages(new Shape(1, 8, 8), pixels, classes));
    labels = IdxFiles.labels(classes);
    for (String part : List.of("train", "test")) {
      put(part + "-images", images);
      put(part + "-labels", labels);
    }
  }

  @Test
  void missingFile() throws IOException {
    Files.delete(folder.resolve("test-labels"));
    assertRefused("there is no file " + folder.resolve("test-labels"), "correct the path");
  }

  @Test
  void folderInsteadOfFile() throws IOException {
    Files.delete(folder.resolve("train-images"));
    Files.createDirectory(folder.resolve("train-images"));
    assertRefused("train-images is a folder");
  }

  @Test
  void emptyFile() throws IOException {
    put("train-images", new byte[0]);
    assertRefused("train-images, byte 0: the file ends here, 4 bytes before the end of the magic");
  }

  @Test
  void truncatedPlainFile() throws IOException {
    put("train-images", Arrays.copyOf(images, images.length - 1));
    assertRefused("train-images, byte 4: the header declares 100 images of 8x8, 6,400 bytes, more");
  }

  @Test
  void truncatedGzip() throws IOException {
    byte[] packed = IdxFiles.gzip(images);
    put("train-images", Arrays.copyOf(packed, packed.length / 2));
    assertRefused(
        "train-images, byte %,d: the gzip data ends in the middle".formatted(packed.length / 2),
        "copy or download it again");
  }

  @Test
  void truncatedBeforeItWasPacked() throws IOException {
    put("train-labels", IdxFiles.gzip(Arrays.copyOf(labels, 50)));
    assertRefused(
        "train-labels, byte 50 of its uncompressed content: the file ends here, 58 bytes before");
  }

  @Test
  void corruptGzipBlock() throws IOException {
    byte[] packed = IdxFiles.gzip(labels);
    packed[10] = (byte) 0xff; // the block type 3 does not exist
    put("train-labels", packed);
    assertRefused("train-labels, byte 1", "the gzip data is corrupt (invalid block type)");
  }

  @Test
  void gzipWithAFlippedBit() throws IOException {
    byte[] packed = IdxFiles.gzip(images);
    packed[packed.length - 6] ^= 4; // in the checksum
    put("test-images", packed);
    assertRefused(
        "test-images, byte %,d: the gzip data is corrupt (Corrupt GZIP trailer)"
            .formatted(packed.length - 8));
  }

  @Test
  void badMagicNumber() throws IOException {
    put("train-images", "PNG, or so it seems".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertRefused("train-images, byte 0: the magic number is 0x504e472c, so this is no IDX file");
  }

  @Test
  void labelsAndImagesSwapped() throws IOException {
    put("train-images", labels);
    put("train-labels", images);
    assertRefused("train-images, byte 3: images have 3 dimensions, but this file has 1", "swapped");
  }

  @Test
  void elementsThatAreNoBytes() throws IOException {
    put("train-images", with(images, 0, 0x00000d03));
    assertRefused("train-images, byte 2: the element type is 0x0d; only unsigned bytes");
  }

  @Test
  void moreLabelsThanImages() throws IOException {
    put("train-labels", IdxFiles.labels(new int[COUNT + 1]));
    assertRefused("train-labels, byte 4: the header declares 101 labels, but", "has 100 images");
  }

  @Test
  void claimOfMoreThanMemoryHolds() throws IOException {
    put("train-images", IdxFiles.gzip(with(images, 4, 0x7fffffff)));
    assertRefused(
        "train-images, byte 4 of its uncompressed content: the header declares 2,147,483,647 images",
        "more than the file can hold");
  }

  @Test
  void negativeCount() throws IOException {
    put("train-images", with(images, 4, -1));
    assertRefused("train-images, byte 4: the header declares 4,294,967,295 images");
  }

  @Test
  void noRows() throws IOException {
    put("train-images", with(images, 8, 0));
    assertRefused("train-images, byte 8: the header declares 0 rows; 1 to 4,096 are possible");
  }

  @Test
  void bytesAfterTheEnd() throws IOException {
    put("train-images", IdxFiles.gzip(Arrays.copyOf(images, images.length + 1)));
    assertRefused("train-images, byte 6,416 of its uncompressed content: the file goes on after");
  }

  @Test
  void labelOutOfRange() throws IOException {
    byte[] wrong = labels.clone();
    wrong[8 + 17] = 10;
    put("test-labels", wrong);
    assertRefused(
        "test-labels, byte 25 of its content: label 10, but there are 10 classes (0 to 9)");
  }

  @Test
  void oneClassOnly() throws IOException {
    put("train-labels", IdxFiles.labels(new int[COUNT]));
    assertRefused("train-labels, byte 8: every label is 0");
  }

  @Test
  void testImagesOfAnotherShape() throws IOException {
    put(
        "test-images",
        IdxFiles.images(
            new LabelledImages(new Shape(1, 4, 16), new byte[COUNT * 64], new int[COUNT])));
    assertRefused("test-images, byte 8: its images are 1x4x16, those of");
  }

  @Test
  void nothingLeftToTrainOn() {
    assertThatThrownBy(() -> source(new Holdout.Count(COUNT)).read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("100 of the 100 training examples of broken cannot be held out");
  }

  private static byte[] with(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).putInt(at, value);
    return changed;
  }

  private void put(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private IdxSource source(Holdout holdout) {
    return new IdxSource(
        "broken",
        folder.resolve("train-images"),
        folder.resolve("train-labels"),
        folder.resolve("test-images"),
        folder.resolve("test-labels"),
        holdout,
        1,
        List.of());
  }

  private void assertRefused(String... parts) {
    AbstractThrowableAssert<?, ? extends Throwable> thrown =
        assertThatThrownBy(() -> source(new Holdout.Share(0.2)).read());
    thrown.isInstanceOf(DataException.class);
    for (String part : parts) {
      thrown.hasMessageContaining(part);
    }
  }
}
