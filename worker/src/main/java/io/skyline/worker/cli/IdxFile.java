package io.skyline.worker.cli;

import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** One image of an IDX file of unsigned bytes, count x rows x columns, perhaps gzipped. */
final class IdxFile {
  private static final int GZIP = 0x1f8b;
  private static final int UNSIGNED_BYTES_3D = 0x00000803;

  private IdxFile() {}

  /** Whether a file begins like an IDX file or a gzipped one. */
  static boolean is(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(3);
      return start.length == 3
          && (gzip(start) || (start[0] == 0 && start[1] == 0 && start[2] == 8));
    }
  }

  private static boolean gzip(byte[] start) {
    return ((start[0] & 0xff) << 8 | start[1] & 0xff) == GZIP;
  }

  /**
   * Reads one image, whose label is unknown (0).
   *
   * @param index from 0
   * @throws UnusableFileException if there is no such image or it does not fit the model
   */
  static Examples read(Path file, int index, Shape input) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
      raw.mark(2);
      boolean zipped = gzip(raw.readNBytes(2));
      raw.reset();
      return parse(
          file, new DataInputStream(zipped ? new GZIPInputStream(raw) : raw), index, input);
    } catch (EOFException | ZipException e) {
      throw new UnusableFileException(file + ": damaged or cut off before image " + index);
    }
  }

  private static Examples parse(Path file, DataInputStream in, int index, Shape input)
      throws IOException {
    int magic = in.readInt();
    if (magic != UNSIGNED_BYTES_3D) {
      throw new UnusableFileException(
          "%s: byte 0: magic number 0x%08x; images have 0x%08x"
              .formatted(file, magic, UNSIGNED_BYTES_3D));
    }
    int count = in.readInt();
    int rows = in.readInt();
    int columns = in.readInt();
    if (index < 0 || index >= count) {
      throw new UnusableFileException(
          file + ": holds images 0 to " + (count - 1) + "; --index is " + index);
    }
    if (input.channels() != 1 || rows != input.height() || columns != input.width()) {
      throw new UnusableFileException(
          file + ": holds images of 1x" + rows + "x" + columns + "; the model takes " + input);
    }
    in.skipNBytes((long) index * rows * columns);
    byte[] pixels = new byte[rows * columns];
    in.readFully(pixels);
    return new Examples(input, pixels, new int[1]);
  }
}
