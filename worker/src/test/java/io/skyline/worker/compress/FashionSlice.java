package io.skyline.worker.compress;

import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Normalization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Real images for tests: fashion-mini's validation split, 2,000 of them. */
final class FashionSlice {
  static final Normalization NORMALIZATION = new Normalization(List.of(73f), List.of(90f));

  private static final Path FOLDER =
      Path.of("../coordinator/src/main/resources/io/skyline/coordinator/data/fashion-mini");
  private static final Examples ALL = read();

  private FashionSlice() {}

  static Examples of(int from, int to) {
    return ALL.slice(from, to);
  }

  private static Examples read() {
    byte[] images = inflate("validation-images-idx3-ubyte.gz");
    byte[] labels = inflate("validation-labels-idx1-ubyte.gz");
    int[] classes = new int[labels.length - 8];
    Arrays.setAll(classes, i -> labels[8 + i]);
    byte[] pixels = Arrays.copyOfRange(images, 16, images.length);
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
