package io.skyline.sharing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One operation of a network with the trained numbers that it owns, as one vector: what all
 * networks share that build this operation at this place.
 *
 * @param key names operation and place: the layer's name and a digest of what it does
 * @param parts whose numbers follow each other in the vector
 */
public record SharedOperation(String key, List<Part> parts) {
  public SharedOperation {
    parts = List.copyOf(parts);
  }

  /**
   * A tensor of the network, or those of its columns that read one of several joined inputs.
   *
   * @param tensor its key among a network's weights: {@code node.parameter}
   * @param rows of the tensor: its first dimension
   * @param columns of the tensor: the product of the others
   * @param from the first column that is part of this
   * @param to the first column after them
   * @param start what it begins as
   */
  public record Part(String tensor, int rows, int columns, int from, int to, Start start) {
    int length() {
      return rows * (to - from);
    }

    private void copy(float[] tensorValues, float[] vector, int at, boolean intoVector) {
      int width = to - from;
      for (int row = 0; row < rows; row++) {
        float[] source = intoVector ? tensorValues : vector;
        float[] target = intoVector ? vector : tensorValues;
        int inTensor = row * columns + from;
        int inVector = at + row * width;
        System.arraycopy(
            source,
            intoVector ? inTensor : inVector,
            target,
            intoVector ? inVector : inTensor,
            width);
      }
    }
  }

  /** What numbers begin as. */
  public enum Start {
    /** Normal with variance 2 / fan-in (He et al. 2015). */
    KERNEL,
    ZERO,
    ONE
  }

  /** How many numbers it owns. */
  public int length() {
    return parts.stream().mapToInt(Part::length).sum();
  }

  /**
   * What the vector begins as: a function of the seed and the key alone, whoever asks first.
   *
   * @param seed of the search
   */
  public float[] initial(long seed) {
    float[] vector = new float[length()];
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      int end = at + part.length();
      switch (part.start()) {
        case ONE -> Arrays.fill(vector, at, end, 1f);
        case ZERO -> {}
        case KERNEL -> {
          double deviation = Math.sqrt(2.0 / (part.to() - part.from()));
          SplittableRandom random = new SplittableRandom(seed(seed, i));
          for (int j = at; j < end; j++) {
            vector[j] = (float) (deviation * random.nextGaussian());
          }
        }
      }
      at = end;
    }
    return vector;
  }

  private long seed(long seed, int part) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    byte[] text =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + name.length)
            .putLong(seed)
            .putInt(part)
            .put(name)
            .array();
    return ByteBuffer.wrap(Digests.sha256(text)).getLong();
  }

  /** Where a part begins in the vector. */
  int offset(int part) {
    return parts.subList(0, part).stream().mapToInt(Part::length).sum();
  }

  void read(int part, float[] tensor, float[] vector) {
    parts.get(part).copy(tensor, vector, offset(part), true);
  }

  void write(int part, float[] vector, float[] tensor) {
    parts.get(part).copy(tensor, vector, offset(part), false);
  }
}
