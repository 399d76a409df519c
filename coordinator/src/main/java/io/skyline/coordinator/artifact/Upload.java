package io.skyline.coordinator.artifact;

import io.skyline.coordinator.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * One file on its way into the store; closing it before {@link #commit} leaves no trace.
 *
 * <p>Not for use by several threads at once.
 */
public final class Upload implements AutoCloseable {
  private final ArtifactStore store;
  private final String digest;
  private final long bytes;
  private final Path temporary;
  private final FileChannel file;
  private final MessageDigest hash = Fingerprint.sha256();
  private long written;
  private boolean done;

  Upload(ArtifactStore store, String digest, long bytes, Path temporary) throws IOException {
    this.store = store;
    this.digest = digest;
    this.bytes = bytes;
    this.temporary = temporary;
    this.file = FileChannel.open(temporary, StandardOpenOption.WRITE);
  }

  /** Appends bytes; more than were announced is an error. */
  public void write(byte[] content, int offset, int length) throws IOException {
    write(ByteBuffer.wrap(content, offset, length));
  }

  /** Appends what remains of a buffer; more than was announced is an error. */
  public void write(ByteBuffer content) throws IOException {
    if (content.remaining() > bytes - written) {
      throw mismatch("more than the announced %,d bytes were sent".formatted(bytes));
    }
    written += content.remaining();
    hash.update(content.duplicate());
    while (content.hasRemaining()) {
      file.write(content);
    }
  }

  /** Writes to this upload; closing it does nothing. */
  OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        Upload.this.write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] buffer, int offset, int length) throws IOException {
        Upload.this.write(buffer, offset, length);
      }
    };
  }

  /** Stores the file; when this returns it is on disk under its digest. */
  public void commit() throws IOException {
    if (written != bytes) {
      throw mismatch("%,d of %,d bytes were sent".formatted(written, bytes));
    }
    String actual = HexFormat.of().formatHex(hash.digest());
    if (!actual.equals(digest)) {
      throw mismatch("what was sent hashes to " + actual);
    }
    file.force(true);
    file.close();
    store.admit(digest, bytes, temporary);
    done = true;
  }

  @Override
  public void close() throws IOException {
    if (!done) {
      done = true;
      store.release(bytes);
      file.close();
      Files.deleteIfExists(temporary);
    }
  }

  private ArtifactException mismatch(String what) {
    return new ArtifactException(
        Kind.MISMATCH, "upload of artifact " + digest + ": " + what + "; send it again");
  }
}
