package io.skyline.coordinator.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file's content, gunzipped if it is gzip, and turns every fault into a {@link
 * DataException} that names the file and the byte.
 */
final class ContentReader implements AutoCloseable {
  /** Deflate cannot pack more than this many bytes into one. */
  static final long MAX_INFLATION = 1032;

  private static final String TRANSFER =
      "copy or download it again, its transfer was cut or damaged";

  private final RawFile file;
  private final InputStream content;
  private final @Nullable Gunzip gunzip;
  private long position;

  ContentReader(RawFile file) {
    this.file = file;
    try {
      InputStream raw = new BufferedInputStream(file.opening().open(), 1 << 16);
      raw.mark(2);
      boolean packed = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      this.gunzip = packed ? gunzip(raw) : null;
      this.content = gunzip == null ? raw : gunzip;
    } catch (IOException e) {
      throw new DataException(
          file.name(), "byte 0", "it cannot be read (" + e.getMessage() + ")", TRANSFER, e);
    }
  }

  private static Gunzip gunzip(InputStream raw) throws IOException {
    try {
      return new Gunzip(new Counted(raw));
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /** Bytes of content read so far. */
  long position() {
    return position;
  }

  /** The most bytes of content the file can hold. */
  long mostBytes() {
    return gunzip == null ? file.bytes() : file.bytes() * MAX_INFLATION;
  }

  /** The next four bytes as an unsigned big-endian number. */
  long unsignedInt(String what) {
    byte[] bytes = bytes(4, what);
    return (bytes[0] & 0xffL) << 24
        | (bytes[1] & 0xffL) << 16
        | (bytes[2] & 0xffL) << 8
        | (bytes[3] & 0xffL);
  }

  /**
   * The next {@code count} bytes. Memory grows with what is there, not with what a header claims.
   */
  byte[] bytes(int count, String what) {
    byte[] bytes;
    try {
      bytes = content.readNBytes(count);
    } catch (IOException e) {
      throw unreadable(e);
    }
    position += bytes.length;
    if (bytes.length < count) {
      throw fault(
          position,
          "the file ends here, %,d bytes before the end of %s"
              .formatted(count - bytes.length, what),
          TRANSFER);
    }
    return bytes;
  }

  /** Passes over the next {@code count} bytes. */
  void skip(long count, String what) {
    long left = count;
    while (left > 0) {
      left -= bytes((int) Math.min(left, 1 << 16), what).length;
    }
  }

  /** Checks that nothing follows, and gzip's checksum. */
  void end() {
    int next;
    try {
      next = content.read();
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (next >= 0) {
      throw fault(
          position,
          "the file goes on after everything its header declares",
          "its header or its content is from another file: get it again");
    }
  }

  /** A fault at a byte of the content. */
  DataException fault(long at, String what, String advice) {
    String place =
        "byte %,d".formatted(at) + (gunzip == null ? "" : " of its uncompressed content");
    return new DataException(file.name(), place, what, advice, null);
  }

  private DataException unreadable(IOException e) {
    long at = gunzip == null ? position : gunzip.consumed();
    String what;
    if (e instanceof ZipException) {
      what = "the gzip data is corrupt (" + e.getMessage() + ")";
    } else if (e instanceof EOFException) {
      what = "the gzip data ends in the middle";
    } else {
      return new DataException(
          file.name(), "byte %,d".formatted(at), e.toString(), RawFile.CHECK_ACCESS, e);
    }
    return new DataException(file.name(), "byte %,d".formatted(at), what, TRANSFER, e);
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Counts the compressed bytes that were handed out. */
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
  }

  /** A gzip reader that knows how far into the compressed file it is. */
  private static final class Gunzip extends GZIPInputStream {
    private final Counted compressed;

    Gunzip(Counted compressed) throws IOException {
      super(compressed, 1 << 16);
      this.compressed = compressed;
    }

    long consumed() {
      return compressed.count - inf.getRemaining();
    }
  }
}
