package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Real images for tests: the data set that the coordinator carries. */
public final class FashionMini {
  private static final Path FOLDER =
      Path.of("../coordinator/src/main/resources/io/skyline/coordinator/data/fashion-mini");
  private static final int IMAGES_AT = 16;
  private static final int LABELS_AT = 8;

  private FashionMini() {}

  /**
   * One of its splits.
   *
   * @param split {@code train}, {@code validation} or {@code test}
   */
  public static Examples read(String split) {
    byte[] images = inflate(split + "-images-idx3-ubyte.gz");
    byte[] labels = inflate(split + "-labels-idx1-ubyte.gz");
    int[] classes = new int[labels.length - LABELS_AT];
    Arrays.setAll(classes, i -> labels[LABELS_AT + i]);
    byte[] pixels = Arrays.copyOfRange(images, IMAGES_AT, images.length);
    return new Examples(new Shape(1, 28, 28), pixels, classes);
  }

  private static byte[] inflate(String file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(FOLDER.resolve(file)))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
