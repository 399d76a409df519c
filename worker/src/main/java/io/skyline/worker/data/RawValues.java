package io.skyline.worker.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The raw values of examples, each of the same length, one after the other. */
sealed interface RawValues {
  /** Copies an example's values to {@code into}, from position {@code at} on. */
  void read(int example, float[] into, int at);

  /** The values of some examples, copied into memory. */
  RawValues select(int[] examples);

  /** Unsigned bytes in memory. */
  @SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
  record Bytes(byte[] values, int length) implements RawValues {
    @Override
    public void read(int example, float[] into, int at) {
      int from = example * length;
      for (int i = 0; i < length; i++) {
        into[at + i] = values[from + i] & 0xff;
      }
    }

    @Override
    public RawValues select(int[] examples) {
      byte[] chosen = new byte[Math.multiplyExact(examples.length, length)];
      for (int i = 0; i < examples.length; i++) {
        System.arraycopy(values, examples[i] * length, chosen, i * length, length);
      }
      return new Bytes(chosen, length);
    }
  }

  /** Floats in memory. */
  @SuppressWarnings("ArrayRecordComponent")
  record Floats(float[] values, int length) implements RawValues {
    @Override
    public void read(int example, float[] into, int at) {
      System.arraycopy(values, example * length, into, at, length);
    }

    @Override
    public RawValues select(int[] examples) {
      float[] chosen = new float[Math.multiplyExact(examples.length, length)];
      for (int i = 0; i < examples.length; i++) {
        System.arraycopy(values, examples[i] * length, chosen, i * length, length);
      }
      return new Floats(chosen, length);
    }
  }

  /**
   * Values that stay in a file, which may be larger than memory; each example is read when it is
   * asked for. Mapping the file would count it as the process's own memory, which has a limit.
   */
  final class Filed implements RawValues {
    private final RandomAccessFile file;
    private final long start;
    private final boolean floats;
    private final int length;
    private final byte[] bytes;

    /**
     * @param file is never closed but by the collector: examples are shared and have no owner
     * @param start of the first value in it
     * @param floats little-endian float32, else unsigned bytes
     * @param length values of one example
     */
    Filed(RandomAccessFile file, long start, boolean floats, int length) {
      this.file = file;
      this.start = start;
      this.floats = floats;
      this.length = length;
      this.bytes = new byte[Math.multiplyExact(length, floats ? Float.BYTES : 1)];
    }

    @Override
    public synchronized void read(int example, float[] into, int at) {
      try {
        file.seek(start + (long) example * bytes.length);
        file.readFully(bytes);
      } catch (EOFException e) {
        throw new UncheckedIOException("a prepared split was cut while it was in use", e);
      } catch (IOException e) {
        throw new UncheckedIOException("a prepared split can no longer be read", e);
      }
      if (floats) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(into, at, length);
      } else {
        for (int i = 0; i < length; i++) {
          into[at + i] = bytes[i] & 0xff;
        }
      }
    }

    @Override
    public RawValues select(int[] examples) {
      float[] chosen = new float[Math.multiplyExact(examples.length, length)];
      for (int i = 0; i < examples.length; i++) {
        read(examples[i], chosen, i * length);
      }
      return new Floats(chosen, length);
    }
  }

  /**
   * Some values and, after them, others.
   *
   * @param count examples in the first
   */
  record Joined(RawValues first, int count, RawValues second, int length) implements RawValues {
    @Override
    public void read(int example, float[] into, int at) {
      if (example < count) {
        first.read(example, into, at);
      } else {
        second.read(example - count, into, at);
      }
    }

    @Override
    public RawValues select(int[] examples) {
      if (first instanceof Bytes && second instanceof Bytes) {
        byte[] chosen = new byte[Math.multiplyExact(examples.length, length)];
        for (int i = 0; i < examples.length; i++) {
          int example = examples[i];
          Bytes from = (Bytes) (example < count ? first : second);
          int index = example < count ? example : example - count;
          System.arraycopy(from.values(), index * length, chosen, i * length, length);
        }
        return new Bytes(chosen, length);
      }
      float[] chosen = new float[Math.multiplyExact(examples.length, length)];
      for (int i = 0; i < examples.length; i++) {
        read(examples[i], chosen, i * length);
      }
      return new Floats(chosen, length);
    }
  }

  /** The unsigned bytes, copied. */
  default byte[] bytes(int examples, int length) {
    byte[] bytes = new byte[Math.multiplyExact(examples, length)];
    float[] one = new float[length];
    for (int example = 0; example < examples; example++) {
      read(example, one, 0);
      for (int i = 0; i < length; i++) {
        bytes[example * length + i] = (byte) one[i];
      }
    }
    return bytes;
  }

  /** Examples {@code from} (inclusive) to {@code to} (exclusive). */
  static int[] range(int from, int to) {
    int[] positions = new int[to - from];
    Arrays.setAll(positions, i -> from + i);
    return positions;
  }
}
