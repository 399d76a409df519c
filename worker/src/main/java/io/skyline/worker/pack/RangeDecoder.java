package io.skyline.worker.pack;

/** Reads the decisions that {@link RangeEncoder} wrote, and zeros behind the last byte. */
final class RangeDecoder implements BinaryCoder {
  private final byte[] bytes;
  private final int end;
  private int at;
  private long low;
  private long high = 0xffff_ffffL;
  private long value;

  RangeDecoder(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    this.at = from;
    this.end = from + length;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | next();
    }
  }

  private int next() {
    return at < end ? bytes[at++] & 0xff : 0;
  }

  @Override
  public int code(int bit, int one) {
    long middle = low + ((high - low) * one >>> 16);
    int read = value <= middle ? 1 : 0;
    if (read == 1) {
      high = middle;
    } else {
      low = middle + 1;
    }
    while ((low ^ high) >>> 24 == 0) {
      low = low << 8 & 0xffff_ffffL;
      high = high << 8 & 0xffff_ffffL | 0xff;
      value = value << 8 & 0xffff_ffffL | next();
    }
    return read;
  }

  /** Whether all bytes were needed. */
  boolean isAtEnd() {
    return at == end;
  }
}
