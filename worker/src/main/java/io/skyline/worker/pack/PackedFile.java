package io.skyline.worker.pack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The outside of a packed model: who it is, its version, and the checksum of what follows.
 *
 * <pre>
 * byte  0  "SKYM"
 *       4  version, 3; 2 is read too, in which no tensor is hashed
 *       5  the first 16 bytes of the SHA-256 of everything behind them
 *      21  the content
 * </pre>
 */
final class PackedFile {
  static final int CONTENT_AT = 21;

  private static final byte[] MAGIC = "SKYM".getBytes(StandardCharsets.US_ASCII);
  private static final byte VERSION = 3;
  private static final byte OLDEST = 2;
  private static final int DIGEST_AT = 5;

  private PackedFile() {}

  static byte[] seal(byte[] content) {
    byte[] file = new byte[CONTENT_AT + content.length];
    ByteBuffer.wrap(file).put(MAGIC).put(VERSION).position(CONTENT_AT).put(content);
    return resealed(file);
  }

  /** A file with the checksum that its content should have. */
  static byte[] resealed(byte[] file) {
    byte[] sealed = file.clone();
    System.arraycopy(digest(file), 0, sealed, DIGEST_AT, CONTENT_AT - DIGEST_AT);
    return sealed;
  }

  /**
   * A reader of the content, after all around it was checked.
   *
   * @param source names the bytes in errors
   */
  static PackedReader open(byte[] file, String source) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= file.length || file[i] != MAGIC[i]) {
        throw new BadPackedModelException(source, i, "not a packed model (no 'SKYM' there)");
      }
    }
    if (file.length <= CONTENT_AT) {
      throw new BadPackedModelException(
          source, file.length, "cut off inside the header of " + CONTENT_AT + " bytes");
    }
    byte version = file[MAGIC.length];
    if (version < OLDEST || version > VERSION) {
      throw new BadPackedModelException(
          source,
          MAGIC.length,
          "format version " + version + "; this Skyline reads " + OLDEST + " to " + VERSION);
    }
    byte[] stored = Arrays.copyOfRange(file, DIGEST_AT, CONTENT_AT);
    if (!Arrays.equals(stored, digest(file))) {
      throw new BadPackedModelException(
          source, DIGEST_AT, "the checksum differs: the file is damaged or cut off");
    }
    return new PackedReader(file, CONTENT_AT, source);
  }

  /** The last coding of tensors that a file's version has. */
  static TensorCoding lastCoding(byte[] file) {
    return file[MAGIC.length] < VERSION ? TensorCoding.CONTEXTS : TensorCoding.HASHED;
  }

  private static byte[] digest(byte[] file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(file, CONTENT_AT, file.length - CONTENT_AT);
      return Arrays.copyOf(digest.digest(), CONTENT_AT - DIGEST_AT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
