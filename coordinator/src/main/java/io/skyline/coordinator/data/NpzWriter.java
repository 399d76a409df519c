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
 * Writes a prepared split: an NPZ of {@code images}, uint8 [N,C,H,W], or {@code values}, float32 of
 * the same form; and of {@code labels}, int32 [N], or {@code targets}, float32 [N].
 *
 * <p>Equal content gives equal bytes on every machine: entries are stored, because deflated bytes
 * depend on the version of zlib, and carry a fixed time without a zone.
 */
final class NpzWriter {
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final int ALIGNMENT = 64;

  private NpzWriter() {}

  /**
   * Leaves the stream open.
   *
   * @param regression whether numbers to predict are written, not labels
   */
  static void write(SplitExamples examples, boolean regression, OutputStream out)
      throws IOException {
    // A zip in ASCII never sets the UTF-8 flag, which would differ between JDKs.
    ZipOutputStream zip = new ZipOutputStream(out, US_ASCII);
    zip.setMethod(ZipOutputStream.STORED);
    Shape shape = examples.shape();
    int count = examples.count();
    String size = count + ", " + shape.channels() + ", " + shape.height() + ", " + shape.width();
    if (examples.areFloats()) {
      entry(zip, "values.npy", header("<f4", size), values(examples));
    } else {
      entry(zip, "images.npy", header("|u1", size), values(examples));
    }
    if (regression) {
      entry(zip, "targets.npy", header("<f4", count + ","), targets(examples));
    } else {
      entry(zip, "labels.npy", header("<i4", count + ","), labels(examples));
    }
    zip.finish();
  }

  /** Writes the same bytes each time: they are asked for twice, for checksum and content. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void entry(ZipOutputStream zip, String name, byte[] header, Content content)
      throws IOException {
    Checksum checksum = new Checksum();
    checksum.write(header);
    content.writeTo(checksum);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ENTRY_TIME);
    entry.setSize(checksum.bytes);
    entry.setCrc(checksum.crc.getValue());
    zip.putNextEntry(entry);
    zip.write(header);
    content.writeTo(zip);
    zip.closeEntry();
  }

  private static final class Checksum extends OutputStream {
    private final CRC32 crc = new CRC32();
    private long bytes;

    @Override
    public void write(int b) {
      crc.update(b);
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      crc.update(buffer, offset, length);
      bytes += length;
    }
  }

  /** Example by example, because all of them may not fit into memory. */
  private static Content values(SplitExamples examples) {
    return out -> {
      byte[] record = new byte[examples.recordBytes()];
      for (int i = 0; i < examples.count(); i++) {
        examples.read(i, record);
        out.write(record);
      }
    };
  }

  private static Content labels(SplitExamples examples) {
    byte[] content = new byte[Math.multiplyExact(examples.count(), 4)];
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < examples.count(); i++) {
      bytes.putInt(examples.label(i));
    }
    return out -> out.write(content);
  }

  private static Content targets(SplitExamples examples) {
    byte[] content = new byte[Math.multiplyExact(examples.count(), 4)];
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < examples.count(); i++) {
      bytes.putFloat(examples.target(i));
    }
    return out -> out.write(content);
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
}
