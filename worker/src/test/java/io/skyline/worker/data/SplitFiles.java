package io.skyline.worker.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.skyline.scorecard.DataCard.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes NPZ files for tests, right and wrong ones. */
public final class SplitFiles {
  private SplitFiles() {}

  /** A split of {@code count} images of 1x2x2, filled with a value. */
  static byte[] npz(int count, int value) throws IOException {
    byte[] pixels = new byte[count * 4];
    java.util.Arrays.fill(pixels, (byte) value);
    return zip(
        Map.of(
            "images.npy", npy("|u1", count + ", 1, 2, 2", pixels),
            "labels.npy", npy("<i4", count + ",", labels(count))));
  }

  static byte[] labels(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putInt(i % 3);
    }
    return bytes.array();
  }

  public static byte[] npy(String type, String shape, byte[] content) {
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n".formatted(type, shape);
    return ByteBuffer.allocate(10 + text.length() + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length())
        .put(text.getBytes(ISO_8859_1))
        .put(content)
        .array();
  }

  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        ((OutputStream) zip).write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  public static Split split(byte[] file, int examples) {
    return new Split(
        HexFormat.of().formatHex(PreparedSplit.sha256().digest(file)), examples, file.length);
  }
}
