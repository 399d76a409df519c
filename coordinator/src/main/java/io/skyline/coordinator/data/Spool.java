package io.skyline.coordinator.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Records of one size in a temporary file, so that a data set may be larger than memory; the file
 * goes when it is closed.
 */
final class Spool implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final int recordBytes;
  private final FileChannel file;
  private final ByteBuffer pending;
  private int count;

  Spool(int recordBytes) {
    this.recordBytes = recordBytes;
    this.pending = ByteBuffer.allocate(Math.max(BUFFER / recordBytes, 1) * recordBytes);
    try {
      Path path = Files.createTempFile("skyline-data", ".spool");
      this.file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  int count() {
    return count;
  }

  void add(byte[] record) {
    if (record.length != recordBytes) {
      throw new IllegalArgumentException(record.length + " bytes, not " + recordBytes);
    }
    if (pending.remaining() < recordBytes) {
      flush();
    }
    pending.put(record);
    count++;
  }

  private void flush() {
    pending.flip();
    try {
      while (pending.hasRemaining()) {
        file.write(pending);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    pending.clear();
  }

  void read(int index, byte[] into) {
    if (pending.position() > 0) {
      flush();
    }
    ByteBuffer record = ByteBuffer.wrap(into, 0, recordBytes);
    long start = (long) index * recordBytes;
    try {
      while (record.hasRemaining()) {
        if (file.read(record, start + record.position()) < 0) {
          throw new IOException("it was cut");
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static DataException failed(IOException e) {
    return new DataException(
        "the temporary folder "
            + System.getProperty("java.io.tmpdir")
            + " cannot hold the data while it is prepared ("
            + e.getMessage()
            + ")",
        "make room there, or name another with -Djava.io.tmpdir");
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
