package io.skyline.worker.pack;

/** Reads a packed file from its front; whatever is wrong is told with the byte where it is. */
final class PackedReader {
  private final byte[] bytes;
  private final String source;
  private int at;
  private final ContextBudget budget = new ContextBudget();

  PackedReader(byte[] bytes, int at, String source) {
    this.bytes = bytes;
    this.at = at;
    this.source = source;
  }

  int position() {
    return at;
  }

  int remaining() {
    return bytes.length - at;
  }

  byte[] bytes() {
    return bytes;
  }

  /** One byte, 0 to 255. */
  int unsignedByte() {
    if (at == bytes.length) {
      throw bad("the file ends too early");
    }
    return bytes[at++] & 0xff;
  }

  /**
   * A number of seven bits a byte, low bits first.
   *
   * @param least and {@code most}: what is plausible
   * @param what the number is, for errors
   */
  int number(int least, int most, String what) {
    int start = at;
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = unsignedByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (value < least || value > most) {
          throw bad(start, what + " " + value + " is not within " + least + " to " + most);
        }
        return (int) value;
      }
    }
    throw bad(start, what + ": a number of more than five bytes");
  }

  /** Passes over bytes; returns where they begin. */
  int skip(int length, String what) {
    if (length < 0 || length > remaining()) {
      throw bad(what + " of " + length + " bytes, but only " + remaining() + " are left");
    }
    at += length;
    return at - length;
  }

  /** Counts work that is slow against what one file may ask for. */
  void spend(long decisions) {
    if (!budget.take(decisions)) {
      throw bad("more than " + ContextBudget.DECISIONS + " decisions coded by contexts");
    }
  }

  BadPackedModelException bad(String reason) {
    return bad(at, reason);
  }

  BadPackedModelException bad(int position, String reason) {
    return new BadPackedModelException(source, position, reason);
  }
}
