package io.skyline.worker.pack;

import java.io.ByteArrayOutputStream;

/** Writes what {@link PackedReader} reads. */
final class PackedWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  PackedWriter unsignedByte(int value) {
    bytes.write(value);
    return this;
  }

  /** Seven bits a byte, low bits first. */
  PackedWriter number(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("the format has no negative numbers: " + value);
    }
    int rest = value;
    while (rest > 0x7f) {
      bytes.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    bytes.write(rest);
    return this;
  }

  PackedWriter all(byte[] content) {
    bytes.writeBytes(content);
    return this;
  }

  int size() {
    return bytes.size();
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
