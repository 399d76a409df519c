package io.skyline.worker.pack;

/**
 * A tensor's elements as the bits that they are, little endian.
 *
 * @param bytes that hold them, among other things
 * @param at the first one's first byte
 * @param count how many there are
 * @param size bytes of each: 1, 2, 4 or 8
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record Elements(byte[] bytes, int at, int count, int size) {
  static Elements of(byte[] onnx, Hole hole) {
    return new Elements(onnx, hole.at(), hole.elements(), hole.type().bytes());
  }

  int length() {
    return count * size;
  }

  long get(int index) {
    long bits = 0;
    for (int i = size - 1, first = at + index * size; i >= 0; i--) {
      bits = bits << 8 | bytes[first + i] & 0xff;
    }
    return bits;
  }

  void put(int index, long bits) {
    for (int i = 0, first = at + index * size; i < size; i++) {
      bytes[first + i] = (byte) (bits >>> 8 * i);
    }
  }
}
