package io.skyline.worker.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an NPY file in C order, version 1.0.
 *
 * @param type NumPy's type string, such as {@code |u1}
 * @param shape extents of the array
 */
record NpyHeader(String type, int[] shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{'descr': '([^']{2,4})', 'fortran_order': False, 'shape': \\(([0-9, ]{2,60})\\), \\}");

  /** Reads a header and leaves the stream at the first element. */
  static NpyHeader read(InputStream in, String name) throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new BadDataException(name + " is no NPY file of version 1.0");
    }
    int length = in.read() | in.read() << 8;
    byte[] text = in.readNBytes(Math.max(length, 0));
    String written = new String(text, ISO_8859_1).trim();
    Matcher dictionary = DICTIONARY.matcher(written);
    if (!dictionary.matches()) {
      throw new BadDataException(name + " has the header '" + written + "'");
    }
    try {
      int[] shape =
          Arrays.stream(dictionary.group(2).split(","))
              .map(String::trim)
              .filter(extent -> !extent.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      return new NpyHeader(dictionary.group(1), shape);
    } catch (NumberFormatException e) {
      throw new BadDataException(name + " has the shape (" + dictionary.group(2) + ")");
    }
  }

  /** Fails unless the array has that type and that many dimensions. */
  void require(String expectedType, int dimensions, String name) throws BadDataException {
    if (!type.equals(expectedType) || shape.length != dimensions) {
      throw new BadDataException(
          "%s holds %s in %d dimensions, not %s in %d"
              .formatted(name, type, shape.length, expectedType, dimensions));
    }
  }
}
