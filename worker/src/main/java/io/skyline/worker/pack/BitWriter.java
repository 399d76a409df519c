package io.skyline.worker.pack;

import java.io.ByteArrayOutputStream;

/** Writes numbers of any width up to 32 bits, the highest bit of the first byte first. */
final class BitWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long pending;
  private int count;

  void write(long value, int width) {
    pending = pending << width | value & (1L << width) - 1;
    count += width;
    while (count >= 8) {
      count -= 8;
      bytes.write((int) (pending >>> count));
    }
  }

  /** What was written, filled up with zeros to whole bytes. */
  byte[] toByteArray() {
    if (count > 0) {
      write(0, 8 - count);
    }
    return bytes.toByteArray();
  }
}
