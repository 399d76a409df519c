package io.skyline.coordinator.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Walks through a tar archive (POSIX ustar), plain or gzipped, without unpacking it: names are only
 * compared, never used as paths.
 */
final class TarEntries implements AutoCloseable {
  private static final int BLOCK = 512;

  private final ContentReader in;
  private long left;
  private long padding;

  TarEntries(RawFile file) {
    this.in = new ContentReader(file);
  }

  /**
   * One file of the archive.
   *
   * @param name without its folders
   */
  record Entry(String name, long bytes) {}

  /** Goes to the next file; the entry without a name and bytes ends the archive. */
  Entry next() {
    in.skip(left + padding, "an entry of the archive");
    while (true) {
      long at = in.position();
      byte[] header = in.bytes(BLOCK, "the header of an entry");
      if (header[0] == 0) {
        return new Entry("", 0);
      }
      check(header, at);
      left = octal(header, 124, 12, at);
      padding = (BLOCK - left % BLOCK) % BLOCK;
      byte type = header[156];
      if (type == '0' || type == 0) {
        String path = text(header, 0, 100);
        return new Entry(path.substring(path.lastIndexOf('/') + 1), left);
      }
      in.skip(left + padding, "an entry of the archive");
    }
  }

  /** The next bytes of the entry. */
  byte[] bytes(int count, String what) {
    left -= count;
    return in.bytes(count, what);
  }

  /** The byte of the archive's uncompressed content that comes next. */
  long position() {
    return in.position();
  }

  DataException fault(long at, String what, String advice) {
    return in.fault(at, what, advice);
  }

  private void check(byte[] header, long at) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (!text(header, 148, 8).strip().equals("%06o".formatted(sum))) {
      throw in.fault(
          at, "this is no header of a tar archive", "name a .tar or .tar.gz, or get it again");
    }
  }

  private long octal(byte[] header, int from, int length, long at) {
    String digits = text(header, from, length).strip();
    if (!digits.matches("[0-7]{1,11}")) {
      throw in.fault(
          at + from, "'" + digits + "' is no octal number", "the archive is damaged: get it again");
    }
    return Long.parseLong(digits, 8);
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, ISO_8859_1);
  }

  @Override
  public void close() {
    in.close();
  }
}
