package io.skyline.worker.trial;

import io.skyline.scorecard.FailureKind;
import io.skyline.worker.network.Weights;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The artifact {@code weights}: the numbers of an exported network, from which its other formats
 * can be written later. They are those that the model computes with: rounded to half precision or
 * to the int8 grid where the recipe says so.
 *
 * <pre>
 * int32  "SKYW", int32 version 1, int32 number of tensors; then for each
 * UTF    its key, as {@link Weights#key}
 * int32  how many values, then these as float32; everything big endian
 * </pre>
 */
final class WeightsFile {
  private static final int MAGIC = 0x534B5957;
  private static final int VERSION = 1;
  private static final int MOST_TENSORS = 1 << 16;

  private WeightsFile() {}

  static void write(Weights weights, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeInt(weights.tensors().size());
      for (Map.Entry<String, float[]> tensor : weights.tensors().entrySet()) {
        out.writeUTF(tensor.getKey());
        float[] values = tensor.getValue();
        out.writeInt(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
      }
    }
  }

  /**
   * Reads them back.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if the file is anything else
   */
  static Weights read(Path file) throws IOException, TaskFailedException {
    long left = Files.size(file);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (left < 12 || in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw bad("no weights of version " + VERSION);
      }
      int count = in.readInt();
      if (count < 0 || count > MOST_TENSORS) {
        throw bad(count + " tensors are announced");
      }
      Map<String, float[]> tensors = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String key = in.readUTF();
        int length = in.readInt();
        if (length < 0 || (long) length * Float.BYTES > left) {
          throw bad(key + " announces " + length + " values");
        }
        float[] values = new float[length];
        byte[] bytes = in.readNBytes(length * Float.BYTES);
        if (bytes.length < length * Float.BYTES) {
          throw bad(key + " is cut off");
        }
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        tensors.put(key, values);
      }
      return new Weights(tensors);
    } catch (java.io.EOFException e) {
      throw bad("the weights are cut off");
    }
  }

  private static TaskFailedException bad(String what) {
    return new TaskFailedException(FailureKind.BAD_ARTIFACT, "artifact weights: " + what);
  }
}
