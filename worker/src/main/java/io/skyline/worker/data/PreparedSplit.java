package io.skyline.worker.data;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard.Split;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a prepared split: an NPZ of {@code images}, uint8 [N,C,H,W], or {@code values}, float32 of
 * the same form; and of {@code labels}, int32 [N], or {@code targets}, float32 [N].
 */
public final class PreparedSplit {
  /** A split that would take a larger share of the heap stays in its file. */
  private static final int HEAP_SHARE = 5;

  private static final long LARGEST_ARRAY = 1L << 30;

  private PreparedSplit() {}

  /**
   * Reads and verifies a file in one pass. A small split is then in memory; a large one is read
   * from the file example by example, so the file may be renamed or unlinked but not changed.
   *
   * @throws BadDataException if it does not have the split's digest or is not such an NPZ
   */
  public static Examples read(Path file, Split split) throws IOException {
    long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    return read(file, split, Math.min(share, LARGEST_ARRAY));
  }

  /** The same with a number of bytes up to which a split is taken into memory. */
  static Examples read(Path file, Split split, long mostInMemory) throws IOException {
    MessageDigest hash = sha256();
    @Nullable SplitArrays arrays = null;
    @Nullable String fault = null;
    try (InputStream in =
        new DigestInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), hash)) {
      try {
        arrays = SplitArrays.read(in, split, split.bytes() <= mostInMemory);
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
    if (arrays == null) {
      throw new BadDataException(file + " is no prepared split: " + fault);
    }
    return examples(arrays, file);
  }

  private static Examples examples(SplitArrays arrays, Path file) throws IOException {
    Shape shape = arrays.shape();
    int length = Math.toIntExact(shape.elements());
    RawValues values = arrays.values();
    if (values == null) {
      RandomAccessFile content = new RandomAccessFile(file.toFile(), "r");
      values = new RawValues.Filed(content, arrays.start(), arrays.areFloats(), length);
    }
    return Examples.of(shape, values, arrays.labels(), arrays.targets());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
