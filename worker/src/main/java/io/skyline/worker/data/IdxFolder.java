package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A folder of IDX files, plain or gzipped, named as MNIST's and Fashion-MNIST's are: {@code
 * train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, and the same for other parts.
 */
public record IdxFolder(Path folder) {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;
  private static final int MOST_EXAMPLES = 10_000_000;
  private static final int LARGEST_SIDE = 4096;
  private static final long LARGEST = 1L << 30;

  /**
   * The images of a part with their labels.
   *
   * @param part {@code train}, {@code validation} or {@code t10k}
   * @return empty if the folder has no images of that part
   * @throws UnusableIdxException if a file is damaged or the two do not belong together
   */
  public Optional<Examples> read(String part) throws IOException {
    Optional<Path> images = file(part + "-images-idx3-ubyte");
    if (images.isEmpty()) {
      return Optional.empty();
    }
    String name = part + "-labels-idx1-ubyte";
    Path labels =
        file(name)
            .orElseThrow(
                () -> new UnusableIdxException(folder + ": holds no " + name + " for the images"));
    return Optional.of(read(images.get(), labels));
  }

  private Optional<Path> file(String name) {
    for (String ending : new String[] {"", ".gz"}) {
      Path file = folder.resolve(name + ending);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static Examples read(Path imageFile, Path labelFile) throws IOException {
    try (DataInputStream in = open(imageFile)) {
      requireMagic(in, IMAGES, imageFile);
      int count = declared(in, "images", MOST_EXAMPLES, 4, imageFile);
      int rows = declared(in, "rows", LARGEST_SIDE, 8, imageFile);
      int columns = declared(in, "columns", LARGEST_SIDE, 12, imageFile);
      long bytes = (long) count * rows * columns;
      if (bytes > LARGEST) {
        throw new UnusableIdxException(
            "%s: byte 4: %,d images of %dx%d are more than the %,d bytes that fit"
                .formatted(imageFile, count, rows, columns, LARGEST));
      }
      byte[] pixels = content(in, bytes, 16, imageFile);
      return new Examples(new Shape(1, rows, columns), pixels, labels(labelFile, count));
    } catch (EOFException | ZipException e) {
      throw new UnusableIdxException(imageFile + ": damaged or cut off: get it again");
    }
  }

  private static int[] labels(Path file, int images) throws IOException {
    try (DataInputStream in = open(file)) {
      requireMagic(in, LABELS, file);
      int count = declared(in, "labels", MOST_EXAMPLES, 4, file);
      if (count != images) {
        throw new UnusableIdxException(
            "%s: byte 4: %,d labels for %,d images".formatted(file, count, images));
      }
      byte[] bytes = content(in, count, 8, file);
      int[] labels = new int[count];
      for (int i = 0; i < count; i++) {
        labels[i] = bytes[i] & 0xff;
      }
      return labels;
    } catch (EOFException | ZipException e) {
      throw new UnusableIdxException(file + ": damaged or cut off: get it again");
    }
  }

  private static DataInputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    return new DataInputStream(
        file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw);
  }

  private static void requireMagic(DataInputStream in, int expected, Path file) throws IOException {
    int magic = in.readInt();
    if (magic != expected) {
      throw new UnusableIdxException(
          "%s: byte 0: magic number 0x%08x, not 0x%08x".formatted(file, magic, expected));
    }
  }

  private static int declared(DataInputStream in, String what, int most, int at, Path file)
      throws IOException {
    int value = in.readInt();
    if (value < 1 || value > most) {
      throw new UnusableIdxException(
          "%s: byte %d: the header declares %,d %s; 1 to %,d are possible"
              .formatted(file, at, Integer.toUnsignedLong(value), what, most));
    }
    return value;
  }

  /** Reads what is there, so that a header that lies costs no memory. */
  private static byte[] content(DataInputStream in, long bytes, int at, Path file)
      throws IOException {
    byte[] content = in.readNBytes(Math.toIntExact(bytes));
    if (content.length < bytes) {
      throw new UnusableIdxException(
          "%s: byte %,d: ends there; its header declares %,d bytes more"
              .formatted(file, at + (long) content.length, bytes - content.length));
    }
    return content;
  }
}
