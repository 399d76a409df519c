package io.skyline.coordinator.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.skyline.architecture.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a prepared split: an NPZ of {@code images}, uint8 [N,C,H,W], and {@code labels}, int32
 * [N].
 *
 * <p>Equal content gives equal bytes on every machine: entries are stored, because deflated bytes
 * depend on the version of zlib, and carry a fixed time without a zone.
 */
final class NpzWriter {
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final int ALIGNMENT = 64;

  private NpzWriter() {}

  /** Leaves the stream open. */
  static void write(LabelledImages images, OutputStream out) throws IOException {
    // A zip in ASCII never sets the UTF-8 flag, which would differ between JDKs.
    ZipOutputStream zip = new ZipOutputStream(out, US_ASCII);
    zip.setMethod(ZipOutputStream.STORED);
    Shape shape = images.shape();
    int count = images.count();
    String size = count + ", " + shape.channels() + ", " + shape.height() + ", " + shape.width();
    entry(zip, "images.npy", header("|u1", size), images.pixels());
    entry(zip, "labels.npy", header("<i4", count + ","), littleEndian(images.labels()));
    zip.finish();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] header, byte[] content)
      throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(header);
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ENTRY_TIME);
    entry.setSize((long) header.length + content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(header);
    zip.write(content);
    zip.closeEntry();
  }

  /** The head of an NPY file, version 1.0, padded so that the data is aligned. */
  private static byte[] header(String type, String shape) {
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    int prefix = 10;
    int blocks = (prefix + dictionary.length()) / ALIGNMENT + 1;
    int padded = blocks * ALIGNMENT - prefix;
    return ByteBuffer.allocate(prefix + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) padded)
        .put((dictionary + " ".repeat(padded - dictionary.length() - 1) + "\n").getBytes(US_ASCII))
        .array();
  }

  private static byte[] littleEndian(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }
}
