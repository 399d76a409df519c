package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard.Split;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Takes the arrays of a prepared split from its NPZ in one pass. */
final class SplitArrays {
  private final Split split;
  private final boolean inMemory;
  private @Nullable Shape shape;
  private @Nullable RawValues values;
  private int @Nullable [] labels;
  private float @Nullable [] targets;
  private boolean floats;
  private long start;

  private SplitArrays(Split split, boolean inMemory) {
    this.split = split;
    this.inMemory = inMemory;
  }

  /**
   * Reads the arrays.
   *
   * @param inMemory whether the examples' values are kept; otherwise only their place is noted
   */
  static SplitArrays read(InputStream in, Split split, boolean inMemory) throws IOException {
    SplitArrays arrays = new SplitArrays(split, inMemory);
    Counted counted = new Counted(in);
    ZipInputStream zip = new ZipInputStream(counted);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String name = entry.getName();
      if (!inMemory && entry.getMethod() != ZipEntry.STORED) {
        // behind a compressed entry, too, the place of the values would not be known
        throw new BadDataException(name + " is compressed");
      }
      switch (name) {
        case "images.npy", "values.npy" -> arrays.values(zip, counted, name);
        case "labels.npy" -> {
          byte[] bytes = arrays.numbers(zip, "<i4", name);
          arrays.labels = new int[bytes.length / Integer.BYTES];
          littleEndian(bytes).asIntBuffer().get(arrays.labels);
        }
        case "targets.npy" -> {
          byte[] bytes = arrays.numbers(zip, "<f4", name);
          arrays.targets = new float[bytes.length / Float.BYTES];
          littleEndian(bytes).asFloatBuffer().get(arrays.targets);
        }
        default -> throw new BadDataException("it holds " + name);
      }
    }
    if (arrays.shape == null || (arrays.labels == null) == (arrays.targets == null)) {
      throw new BadDataException("it lacks images.npy or labels.npy, or their like");
    }
    return arrays;
  }

  private byte[] numbers(InputStream in, String type, String name) throws IOException {
    NpyHeader header = NpyHeader.read(in, name);
    header.require(type, 1, name);
    requireCount(header.shape()[0], name);
    return array(in, 4L * header.shape()[0], name);
  }

  private void values(ZipInputStream zip, Counted counted, String name) throws IOException {
    NpyHeader header = NpyHeader.read(zip, name);
    floats = name.equals("values.npy");
    header.require(floats ? "<f4" : "|u1", 4, name);
    int[] extents = header.shape();
    requireCount(extents[0], name);
    Shape found = shape(extents[1], extents[2], extents[3]);
    long bytes = extents[0] * found.elements() * (floats ? Float.BYTES : 1);
    requireRoom(bytes, name);
    int length = Math.toIntExact(found.elements());
    shape = found;
    if (!inMemory) {
      start = counted.count;
      skip(zip, bytes, name);
      return;
    }
    byte[] content = array(zip, bytes, name);
    if (floats) {
      float[] numbers = new float[content.length / Float.BYTES];
      littleEndian(content).asFloatBuffer().get(numbers);
      values = new RawValues.Floats(numbers, length);
    } else {
      values = new RawValues.Bytes(content, length);
    }
  }

  private static Shape shape(int channels, int height, int width) throws BadDataException {
    if (channels < 1 || height < 1 || width < 1) {
      throw new BadDataException("its images have an extent of 0");
    }
    return new Shape(channels, height, width);
  }

  private void requireCount(int count, String name) throws BadDataException {
    if (count != split.examples()) {
      throw new BadDataException(
          "%s has %,d examples, its card says %,d".formatted(name, count, split.examples()));
    }
  }

  private void requireRoom(long bytes, String name) throws BadDataException {
    if (bytes > split.bytes()) {
      throw new BadDataException(
          "%s claims %,d bytes in a file of %,d".formatted(name, bytes, split.bytes()));
    }
  }

  private byte[] array(InputStream in, long bytes, String name) throws IOException {
    requireRoom(bytes, name);
    byte[] content = new byte[Math.toIntExact(bytes)];
    if (in.readNBytes(content, 0, content.length) < content.length || in.read() >= 0) {
      throw wrongSize(name);
    }
    return content;
  }

  private static void skip(InputStream in, long bytes, String name) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = bytes;
    while (left > 0) {
      int read = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
      if (read == 0) {
        throw wrongSize(name);
      }
      left -= read;
    }
    if (in.read() >= 0) {
      throw wrongSize(name);
    }
  }

  private static BadDataException wrongSize(String name) {
    return new BadDataException(name + " does not hold the elements that its header declares");
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  Shape shape() {
    if (shape == null) {
      throw new IllegalStateException("read() checks this");
    }
    return shape;
  }

  /** The values, if they were to be kept. */
  @Nullable RawValues values() {
    return values;
  }

  /** Classes; zeros in regression. */
  int[] labels() {
    return labels == null ? new int[split.examples()] : labels;
  }

  float @Nullable [] targets() {
    return targets;
  }

  boolean areFloats() {
    return floats;
  }

  /** The byte of the file at which the values begin. */
  long start() {
    return start;
  }

  /** Counts the bytes that were read. */
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      count += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      count += Math.max(n, 0);
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = in.skip(n);
      count += skipped;
      return skipped;
    }
  }
}
