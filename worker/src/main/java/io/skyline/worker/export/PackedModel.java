package io.skyline.worker.export;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The packed model, {@code model.sky}: a model.onnx in a checked, compressed envelope.
 *
 * <pre>
 * byte  0  "SKYM"
 *       4  version, 1
 *       5  SHA-256 of everything behind it
 *      37  bytes of the model, int32, big endian
 *      41  the model as one Zstandard frame
 * </pre>
 *
 * The checksum is verified before anything is decompressed, so damage never reaches the
 * decompressor.
 */
public final class PackedModel {
  /** No model larger than this is packed or unpacked. */
  public static final int LARGEST_MODEL = 256 << 20;

  private static final byte[] MAGIC = "SKYM".getBytes(StandardCharsets.US_ASCII);
  private static final byte VERSION = 1;
  private static final int DIGEST_AT = 5;
  private static final int LENGTH_AT = 37;
  private static final int FRAME_AT = 41;
  private static final int LEVEL = 19;

  private PackedModel() {}

  /**
   * Packs a model; the same model gives the same bytes.
   *
   * @throws IllegalArgumentException if it is larger than {@link #LARGEST_MODEL}
   */
  public static byte[] pack(byte[] onnx) {
    if (onnx.length > LARGEST_MODEL) {
      throw new IllegalArgumentException(
          "a model of " + onnx.length + " bytes exceeds " + LARGEST_MODEL);
    }
    byte[] frame = Zstd.compress(onnx, LEVEL);
    byte[] packed = new byte[FRAME_AT + frame.length];
    ByteBuffer.wrap(packed)
        .put(MAGIC)
        .put(VERSION)
        .position(LENGTH_AT)
        .putInt(onnx.length)
        .put(frame);
    System.arraycopy(digest(packed), 0, packed, DIGEST_AT, LENGTH_AT - DIGEST_AT);
    return packed;
  }

  /**
   * Reads and unpacks a file.
   *
   * @throws BadPackedModelException if it is not a whole packed model, naming file and byte
   * @throws IOException if it cannot be read
   */
  public static byte[] unpack(Path file) throws IOException {
    // compression may grow a model a little; nothing larger is worth reading
    int limit = LARGEST_MODEL + (1 << 20);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] packed = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new BadPackedModelException(file.toString(), limit, "larger than any packed model");
      }
      return unpack(packed, file.toString());
    }
  }

  /**
   * Unpacks.
   *
   * @param source names the bytes in errors
   * @throws BadPackedModelException if they are not a whole packed model
   */
  public static byte[] unpack(byte[] packed, String source) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= packed.length || packed[i] != MAGIC[i]) {
        throw new BadPackedModelException(source, i, "not a packed model (no 'SKYM' there)");
      }
    }
    if (packed.length <= FRAME_AT) {
      throw new BadPackedModelException(
          source, packed.length, "cut off inside the header of " + FRAME_AT + " bytes");
    }
    if (packed[MAGIC.length] != VERSION) {
      throw new BadPackedModelException(
          source,
          MAGIC.length,
          "format version " + packed[MAGIC.length] + "; this Skyline reads version " + VERSION);
    }
    ByteBuffer stored = ByteBuffer.wrap(packed, DIGEST_AT, LENGTH_AT - DIGEST_AT);
    if (!stored.equals(ByteBuffer.wrap(digest(packed)))) {
      throw new BadPackedModelException(
          source, DIGEST_AT, "the checksum differs: the file is damaged or cut off");
    }
    int length = ByteBuffer.wrap(packed).getInt(LENGTH_AT);
    if (length < 0 || length > LARGEST_MODEL) {
      throw new BadPackedModelException(
          source, LENGTH_AT, "a model of " + length + " bytes; the limit is " + LARGEST_MODEL);
    }
    return decompress(packed, length, source);
  }

  private static byte[] decompress(byte[] packed, int length, String source) {
    byte[] onnx = new byte[length];
    try {
      long found =
          Zstd.decompressByteArray(onnx, 0, length, packed, FRAME_AT, packed.length - FRAME_AT);
      if (found != length) {
        throw new BadPackedModelException(
            source, LENGTH_AT, "announces " + length + " bytes but holds " + found);
      }
    } catch (ZstdException e) {
      throw new BadPackedModelException(
          source, FRAME_AT, "cannot be decompressed: " + e.getMessage());
    }
    return onnx;
  }

  private static byte[] digest(byte[] packed) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(packed, LENGTH_AT, packed.length - LENGTH_AT);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
