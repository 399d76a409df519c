package io.skyline.sharing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Vectors by name as bytes: an operation's numbers, or what a step adds to those of many.
 *
 * <pre>
 * int32  "SKYV", int32 version 1
 * UTF    a label: whose they are, so that equal numbers of two searches are two files
 * int32  number of vectors; then for each
 * UTF    its name
 * int32  how many values, then these as float32; everything big endian
 * </pre>
 *
 * @param label whose they are
 * @param vectors by name, in an order that is kept
 */
public record VectorFile(String label, Map<String, float[]> vectors) {
  private static final int MAGIC = 0x534B5956;
  private static final int VERSION = 1;
  private static final int MOST_VECTORS = 1 << 20;

  /** The bytes of the file. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeUTF(label);
      out.writeInt(vectors.size());
      for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
        out.writeUTF(vector.getKey());
        out.writeInt(vector.getValue().length);
        ByteBuffer values = ByteBuffer.allocate(vector.getValue().length * Float.BYTES);
        values.asFloatBuffer().put(vector.getValue());
        out.write(values.array());
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written to", e);
    }
    return bytes.toByteArray();
  }

  /** SHA-256 of the bytes, in hex: what artifacts are called by. */
  public String digest() {
    return HexFormat.of().formatHex(Digests.sha256(bytes()));
  }

  /**
   * Reads a file.
   *
   * @throws IOException if the bytes are anything else
   */
  public static VectorFile read(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw new IOException("no file of vectors of version " + VERSION);
      }
      String label = in.readUTF();
      int count = in.readInt();
      if (count < 0 || count > MOST_VECTORS) {
        throw new IOException(count + " vectors are announced");
      }
      Map<String, float[]> vectors = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        int length = in.readInt();
        if (length < 0 || (long) length * Float.BYTES > in.available()) {
          throw new IOException(name + " announces " + length + " values");
        }
        float[] values = new float[length];
        ByteBuffer.wrap(in.readNBytes(length * Float.BYTES)).asFloatBuffer().get(values);
        vectors.put(name, values);
      }
      if (in.available() > 0) {
        throw new IOException(in.available() + " bytes follow the last vector");
      }
      return new VectorFile(label, vectors);
    } catch (EOFException e) {
      throw new IOException("the file of vectors is cut off", e);
    }
  }
}
