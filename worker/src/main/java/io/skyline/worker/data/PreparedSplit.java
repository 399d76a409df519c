package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard.Split;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a prepared split: an NPZ of {@code images}, uint8 [N,C,H,W], and {@code labels}, int32 [N].
 */
public final class PreparedSplit {
  private PreparedSplit() {}

  /**
   * Reads and verifies a file in one pass.
   *
   * @throws BadDataException if it does not have the split's digest or is not such an NPZ
   */
  public static Examples read(Path file, Split split) throws IOException {
    MessageDigest hash = sha256();
    @Nullable Examples examples = null;
    @Nullable String fault = null;
    try (InputStream in =
        new DigestInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), hash)) {
      try {
        examples = parse(new ZipInputStream(in), split);
      } catch (BadDataException | ZipException | java.io.EOFException e) {
        fault = e.getMessage();
      }
      in.transferTo(OutputStream.nullOutputStream());
    }
    // A wrong digest explains every other fault, so it is told first.
    String actual = HexFormat.of().formatHex(hash.digest());
    if (!actual.equals(split.digest())) {
      throw new BadDataException(file + " should hash to " + split.digest() + ", not " + actual);
    }
    if (examples == null) {
      throw new BadDataException(file + " is no prepared split: " + fault);
    }
    return examples;
  }

  private static Examples parse(ZipInputStream zip, Split split) throws IOException {
    @Nullable Shape shape = null;
    byte @Nullable [] pixels = null;
    int @Nullable [] labels = null;
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String name = entry.getName();
      if (name.equals("images.npy")) {
        NpyHeader header = NpyHeader.read(zip, name);
        header.require("|u1", 4, name);
        int[] extents = header.shape();
        requireCount(extents[0], split, name);
        shape = shape(extents[1], extents[2], extents[3]);
        pixels = array(zip, extents[0] * shape.elements(), split, name);
      } else if (name.equals("labels.npy")) {
        NpyHeader header = NpyHeader.read(zip, name);
        header.require("<i4", 1, name);
        requireCount(header.shape()[0], split, name);
        labels = littleEndian(array(zip, 4L * header.shape()[0], split, name));
      }
    }
    if (shape == null || pixels == null || labels == null) {
      throw new BadDataException("it lacks images.npy or labels.npy");
    }
    return new Examples(shape, pixels, labels);
  }

  private static Shape shape(int channels, int height, int width) throws BadDataException {
    if (channels < 1 || height < 1 || width < 1) {
      throw new BadDataException("its images have an extent of 0");
    }
    return new Shape(channels, height, width);
  }

  private static void requireCount(int count, Split split, String name) throws BadDataException {
    if (count != split.examples()) {
      throw new BadDataException(
          "%s has %,d examples, its card says %,d".formatted(name, count, split.examples()));
    }
  }

  private static byte[] array(InputStream in, long bytes, Split split, String name)
      throws IOException {
    if (bytes > split.bytes()) {
      throw new BadDataException(
          "%s claims %,d bytes in a file of %,d".formatted(name, bytes, split.bytes()));
    }
    byte[] content = new byte[Math.toIntExact(bytes)];
    int read = in.readNBytes(content, 0, content.length);
    if (read < content.length || in.read() >= 0) {
      throw new BadDataException(name + " does not hold the elements that its header declares");
    }
    return content;
  }

  private static int[] littleEndian(byte[] bytes) {
    int[] values = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    return values;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
