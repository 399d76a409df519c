package io.skyline.worker.pack;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Narrows an interval of 32 bits by each decision and writes its leading bytes (carryless). */
final class RangeEncoder implements BinaryCoder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long low;
  private long high = 0xffff_ffffL;

  @Override
  public int code(int bit, int one) {
    long middle = low + ((high - low) * one >>> 16);
    if (bit == 1) {
      high = middle;
    } else {
      low = middle + 1;
    }
    while ((low ^ high) >>> 24 == 0) {
      bytes.write((int) (high >>> 24));
      low = low << 8 & 0xffff_ffffL;
      high = high << 8 & 0xffff_ffffL | 0xff;
    }
    return bit;
  }

  /** The fewest bytes that lie in the interval; a reader takes zeros for what follows them. */
  byte[] finish() {
    if (low > 0) {
      // the leading bytes differ, so that a one more than low's is within
      long end = (low >>> 24) + 1 << 24;
      if (end <= high) {
        bytes.write((int) (end >>> 24));
      } else {
        for (int shift = 24; shift >= 0; shift -= 8) {
          bytes.write((int) (low >>> shift));
        }
      }
    }
    byte[] all = bytes.toByteArray();
    int length = all.length;
    while (length > 0 && all[length - 1] == 0) {
      length--;
    }
    return Arrays.copyOf(all, length);
  }
}
