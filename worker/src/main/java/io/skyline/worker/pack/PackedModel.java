package io.skyline.worker.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The packed model, {@code model.sky}: a model.onnx whose weights are coded tensor by tensor and
 * the rest as a whole, behind a checksum. docs/format.md has it byte by byte.
 *
 * <p>The checksum is verified before anything is decoded, so damage does not reach the decoders;
 * and whatever reaches them is bounded.
 */
public final class PackedModel {
  /** No model larger than this is packed or unpacked. */
  public static final int LARGEST_MODEL = 256 << 20;

  private PackedModel() {}

  /**
   * Packs a model, or any other bytes; the same bytes give the same file.
   *
   * @throws IllegalArgumentException if it is larger than {@link #LARGEST_MODEL}
   */
  public static byte[] pack(byte[] onnx) {
    if (onnx.length > LARGEST_MODEL) {
      throw new IllegalArgumentException(
          "a model of " + onnx.length + " bytes exceeds " + LARGEST_MODEL);
    }
    byte[] packed = PackedFile.seal(PackedContent.write(onnx));
    if (!Arrays.equals(unpack(packed, "the file just packed"), onnx)) {
      throw new IllegalStateException("packed a model into one that unpacks to another");
    }
    return packed;
  }

  /**
   * Reads and unpacks a file.
   *
   * @throws BadPackedModelException if it is not a whole packed model, naming file and byte
   * @throws IOException if it cannot be read
   */
  public static byte[] unpack(Path file) throws IOException {
    return unpack(read(file), file.toString());
  }

  static byte[] read(Path file) throws IOException {
    // coding may grow a model a little; nothing larger is worth reading
    int limit = LARGEST_MODEL + (1 << 20);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] packed = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new BadPackedModelException(file.toString(), limit, "larger than any packed model");
      }
      return packed;
    }
  }

  /**
   * Unpacks.
   *
   * @param source names the bytes in errors
   * @throws BadPackedModelException if they are not a whole packed model
   */
  public static byte[] unpack(byte[] packed, String source) {
    return PackedContent.read(PackedFile.open(packed, source)).onnx();
  }
}
