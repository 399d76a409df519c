package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;

/**
 * Reads IDX files, plain or gzipped: LeCun's format of MNIST, which Fashion-MNIST, KMNIST and
 * EMNIST share.
 *
 * <p>A file is a magic number (two zero bytes, the element type, the number of dimensions), the
 * dimensions as big-endian 32-bit numbers, and the elements. Images are unsigned bytes in three
 * dimensions (count, rows, columns), labels unsigned bytes in one.
 */
final class IdxReader {
  private static final int UNSIGNED_BYTE = 8;
  private static final int MAX_SIDE = 4096;

  /** What one file may take in memory. */
  private static final long MAX_BYTES = 1L << 30;

  private IdxReader() {}

  /** Images of one channel as stored, and where from. */
  @SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
  record Images(RawFile file, int count, Shape shape, byte[] pixels) {}

  /** Reads a file of images and the file of their labels. */
  static LabelledImages pair(RawFile imageFile, RawFile labelFile) {
    Images images = images(imageFile);
    return new LabelledImages(images.shape(), images.pixels(), labels(labelFile, images));
  }

  static Images images(RawFile file) {
    try (ContentReader in = new ContentReader(file)) {
      magic(in, 3, "images");
      long count = dimension(in, "images", Integer.MAX_VALUE);
      int rows = (int) dimension(in, "rows", MAX_SIDE);
      int columns = (int) dimension(in, "columns", MAX_SIDE);
      String what = "%,d images of %dx%d".formatted(count, rows, columns);
      byte[] pixels = in.bytes(declared(in, count * rows * columns, what), what);
      in.end();
      return new Images(file, (int) count, new Shape(1, rows, columns), pixels);
    }
  }

  private static int[] labels(RawFile file, Images images) {
    try (ContentReader in = new ContentReader(file)) {
      magic(in, 1, "labels");
      long count = dimension(in, "labels", Integer.MAX_VALUE);
      if (count != images.count()) {
        throw in.fault(
            4,
            "the header declares %,d labels, but %s has %,d images"
                .formatted(count, images.file().name(), images.count()),
            "the two files do not belong together: name a matching pair");
      }
      String what = "%,d labels".formatted(count);
      byte[] bytes = in.bytes(declared(in, count, what), what);
      in.end();
      int[] labels = new int[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        labels[i] = bytes[i] & 0xff;
      }
      return labels;
    }
  }

  /** Where the label of an example stands in its file, for messages. */
  static long labelByte(int example) {
    return 8L + example;
  }

  private static void magic(ContentReader in, int dimensions, String content) {
    long magic = in.unsignedInt("the magic number");
    if (magic == (UNSIGNED_BYTE << 8 | dimensions)) {
      return;
    }
    int type = (int) (magic >> 8 & 0xff);
    int actual = (int) (magic & 0xff);
    if (magic >> 16 != 0) {
      throw in.fault(
          0,
          "the magic number is 0x%08x, so this is no IDX file".formatted(magic),
          "name an IDX file of " + content + ", plain or gzipped");
    } else if (type != UNSIGNED_BYTE) {
      throw in.fault(
          2,
          "the element type is 0x%02x; only unsigned bytes (0x08) are supported".formatted(type),
          "convert the file");
    } else {
      throw in.fault(
          3,
          "%s have %d dimensions, but this file has %d".formatted(content, dimensions, actual),
          "check that the files of images and labels are not swapped");
    }
  }

  private static long dimension(ContentReader in, String what, int most) {
    long at = in.position();
    long value = in.unsignedInt("the number of " + what);
    if (value < 1 || value > most) {
      throw in.fault(
          at,
          "the header declares %,d %s; 1 to %,d are possible".formatted(value, what, most),
          "the header is damaged, or this is another kind of file: get it again");
    }
    return value;
  }

  /** Refuses what cannot be in the file or in memory before anything is allocated for it. */
  private static int declared(ContentReader in, long bytes, String what) {
    long room = in.mostBytes() - in.position();
    if (bytes > room) {
      throw in.fault(
          4,
          "the header declares %s, %,d bytes, more than the file can hold".formatted(what, bytes),
          "the header is damaged or the file is cut: get it again");
    }
    if (bytes > MAX_BYTES) {
      throw in.fault(
          4,
          "the header declares %s, %,d bytes; at most %,d fit".formatted(what, bytes, MAX_BYTES),
          "split the file or use fewer images");
    }
    return (int) bytes;
  }
}
