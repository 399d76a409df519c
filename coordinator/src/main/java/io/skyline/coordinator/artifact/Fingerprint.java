package io.skyline.coordinator.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file's SHA-256 and size.
 *
 * @param digest in lower-case hex
 * @param bytes how long the file is
 */
public record Fingerprint(String digest, long bytes) {
  /** Reads a file to its end. */
  public static Fingerprint of(Path file) throws IOException {
    MessageDigest hash = sha256();
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        bytes += n;
      }
    }
    return new Fingerprint(HexFormat.of().formatHex(hash.digest()), bytes);
  }

  /** Bytes in memory. */
  public static Fingerprint of(byte[] content) {
    return new Fingerprint(HexFormat.of().formatHex(sha256().digest(content)), content.length);
  }

  /** What a deterministic writer writes, without keeping it. */
  public static Fingerprint of(Content content) throws IOException {
    MessageDigest hash = sha256();
    long[] bytes = new long[1];
    content.writeTo(
        new OutputStream() {
          @Override
          public void write(int b) {
            hash.update((byte) b);
            bytes[0]++;
          }

          @Override
          public void write(byte[] buffer, int offset, int length) {
            hash.update(buffer, offset, length);
            bytes[0] += length;
          }
        });
    return new Fingerprint(HexFormat.of().formatHex(hash.digest()), bytes[0]);
  }

  /** Something that writes the same bytes each time. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
