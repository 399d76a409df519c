package io.skyline.coordinator.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An NPY file (versions 1 to 3, C order) that is read row by row: a row is what one index of the
 * first axis holds. Values are given as float64, or as unsigned bytes where they are stored so.
 */
final class NumpyArray implements AutoCloseable {
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']{2,8})',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\(([0-9, ]{0,100})\\),?\\s*\\}\\s*");
  private static final int MOST_HEADER = 1 << 16;

  private final ContentReader in;
  private final String type;
  private final List<Integer> shape;
  private final int width;
  private final int rowValues;

  /** Reads the header. */
  NumpyArray(RawFile file) {
    this.in = new ContentReader(file);
    byte[] start = in.bytes(8, "the magic number");
    if ((start[0] & 0xff) != 0x93 || !new String(start, 1, 5, ISO_8859_1).equals("NUMPY")) {
      throw in.fault(0, "this is no NPY array", "name one that numpy.save wrote");
    }
    if (start[6] < 1 || start[6] > 3) {
      throw in.fault(6, "NPY version " + start[6] + " is unknown", "save it again with NumPy");
    }
    byte[] size = in.bytes(start[6] == 1 ? 2 : 4, "the length of the header");
    long length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = (length << 8) | (size[i] & 0xff);
    }
    if (length > MOST_HEADER) {
      throw in.fault(8, "a header of %,d bytes".formatted(length), "the file is damaged");
    }
    String text = new String(in.bytes((int) length, "the header"), ISO_8859_1);
    Matcher header = DICTIONARY.matcher(text);
    if (!header.matches()) {
      throw in.fault(10, "the header is '" + text.strip() + "'", "save a plain array of numbers");
    }
    if (header.group(2).equals("True")) {
      throw in.fault(
          10, "the array is in Fortran order", "save numpy.ascontiguousarray(array) instead");
    }
    this.type = header.group(1);
    this.shape = shape(header.group(3));
    this.width = width();
    this.rowValues = rowValues();
    requireRoom(file);
  }

  private List<Integer> shape(String written) {
    List<Integer> extents = new ArrayList<>();
    for (String extent : written.split(",", -1)) {
      if (!extent.isBlank()) {
        try {
          extents.add(Integer.parseInt(extent.strip()));
        } catch (NumberFormatException e) {
          throw in.fault(10, "the shape is (" + written + ")", "use fewer examples a file");
        }
      }
    }
    if (extents.isEmpty() || extents.stream().anyMatch(extent -> extent < 1)) {
      throw in.fault(10, "the shape is (" + written + ")", "save an array with examples in it");
    }
    return List.copyOf(extents);
  }

  private int width() {
    return switch (type) {
      case "|u1", "|i1", "|b1" -> 1;
      case "<i2", "<u2" -> 2;
      case "<i4", "<u4", "<f4" -> 4;
      case "<i8", "<u8", "<f8" -> 8;
      default ->
          throw in.fault(
              10,
              "the elements are '" + type + "'",
              "save uint8 or float32 (little-endian), and whole numbers for labels");
    };
  }

  private int rowValues() {
    long values = 1;
    for (int extent : shape.subList(1, shape.size())) {
      values *= extent;
      if (values > 1 << 26) {
        throw in.fault(10, "one example has the shape " + shape, "make examples smaller");
      }
    }
    return (int) values;
  }

  private void requireRoom(RawFile file) {
    long bytes = (long) shape.get(0) * rowValues * width;
    if (bytes > in.mostBytes() - in.position()) {
      throw in.fault(
          10,
          "the header declares the shape %s, %,d bytes, more than the %,d of the file"
              .formatted(shape, bytes, file.bytes()),
          "the file is cut: get it again");
    }
  }

  List<Integer> shape() {
    return shape;
  }

  boolean isBytes() {
    return type.equals("|u1");
  }

  boolean areFloats() {
    return type.startsWith("<f");
  }

  /** The byte that comes next. */
  long position() {
    return in.position();
  }

  DataException fault(long at, String what, String advice) {
    return in.fault(at, what, advice);
  }

  /** The next row as it is stored. */
  byte[] bytes() {
    return in.bytes(Math.multiplyExact(rowValues, width), "the array");
  }

  /** The next row as numbers. */
  double[] values() {
    ByteBuffer row = ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[rowValues];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case "|u1" -> row.get() & 0xff;
            case "|i1", "|b1" -> row.get();
            case "<i2" -> row.getShort();
            case "<u2" -> row.getShort() & 0xffff;
            case "<i4" -> row.getInt();
            case "<u4" -> row.getInt() & 0xffffffffL;
            case "<f4" -> row.getFloat();
            case "<f8" -> row.getDouble();
            default -> row.getLong();
          };
    }
    return values;
  }

  /** Checks that nothing follows. */
  void end() {
    in.end();
  }

  @Override
  public void close() {
    in.close();
  }
}
