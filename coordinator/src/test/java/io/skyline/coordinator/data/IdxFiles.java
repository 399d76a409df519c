package io.skyline.coordinator.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files, for tests and for the generator of fashion-mini. */
final class IdxFiles {
  private IdxFiles() {}

  static byte[] images(LabelledImages images) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + images.pixels().length);
    bytes.putInt(0x803).putInt(images.count());
    bytes.putInt(images.shape().height()).putInt(images.shape().width());
    return bytes.put(images.pixels()).array();
  }

  static byte[] labels(int[] labels) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + labels.length);
    bytes.putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      bytes.put((byte) label);
    }
    return bytes.array();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new BestGzip(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(9);
    }
  }
}
