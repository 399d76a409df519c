package io.skyline.worker.pack;

/**
 * Elements as they are. Those of several bytes may be written in planes, all first bytes before all
 * second ones: floats' exponents resemble each other, their last bits do not.
 */
final class RawCoding {
  private RawCoding() {}

  static void write(PackedWriter out, byte[] content, int size, ContextBudget budget) {
    if (size == 1) {
      Section.write(out, content, budget);
      return;
    }
    PackedWriter planes = new PackedWriter().unsignedByte(1);
    for (int i = 0; i < size; i++) {
      Section.write(planes, plane(content, size, i), budget);
    }
    PackedWriter whole = new PackedWriter().unsignedByte(0);
    // a few bytes are not worth a coder a plane; of many, one look tells
    if (content.length <= 4096 || planes.size() < content.length / 2) {
      Section.write(whole, content, budget);
    }
    out.all(
        whole.size() > 1 && whole.size() < planes.size()
            ? whole.toByteArray()
            : planes.toByteArray());
  }

  private static byte[] plane(byte[] content, int size, int number) {
    byte[] plane = new byte[content.length / size];
    for (int i = 0; i < plane.length; i++) {
      plane[i] = content[i * size + number];
    }
    return plane;
  }

  /** Reads elements into bytes from {@code at} on. */
  static void read(PackedReader in, Elements elements, String what) {
    byte[] bytes = elements.bytes();
    int size = elements.size();
    if (size == 1 || planes(in, what) == 0) {
      byte[] content = Section.read(in, elements.length(), what);
      System.arraycopy(content, 0, bytes, elements.at(), content.length);
      return;
    }
    for (int plane = 0; plane < size; plane++) {
      byte[] content = Section.read(in, elements.count(), what);
      for (int i = 0; i < content.length; i++) {
        bytes[elements.at() + i * size + plane] = content[i];
      }
    }
  }

  private static int planes(PackedReader in, String what) {
    return in.number(0, 1, "planes of " + what);
  }
}
