package io.skyline.worker.pack;

/** Reads what {@link BitWriter} wrote, and zeros behind the end, which {@link #isOver} tells. */
final class BitReader {
  private final byte[] bytes;
  private int at;
  private long pending;
  private int count;

  BitReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The next bits, up to 32. */
  long read(int width) {
    while (count < width) {
      pending = pending << 8 | (at < bytes.length ? bytes[at] & 0xff : 0);
      at++;
      count += 8;
    }
    count -= width;
    return pending >>> count & (1L << width) - 1;
  }

  /** Whether all bytes are read, nothing beyond them, and zeros fill up the last one. */
  boolean isAtEnd() {
    return at == bytes.length && (pending & (1L << count) - 1) == 0;
  }

  /** Whether more was read than there is. */
  boolean isOver() {
    return at > bytes.length;
  }
}
