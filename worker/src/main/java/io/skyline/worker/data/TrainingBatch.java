package io.skyline.worker.data;

import io.skyline.architecture.Shape;

/**
 * One batch of a training: images as the network takes them, and whose they are.
 *
 * <p>With mixup an image is {@code share} times one example plus {@code 1 - share} times another;
 * targets are to be mixed alike. Filled anew by each {@link Batches#fill}.
 */
public final class TrainingBatch {
  private final float[] images;
  private final int[] examples;
  private final int[] partners;
  private float share = 1;

  /**
   * @param size examples in it
   * @param shape of one
   */
  public TrainingBatch(int size, Shape shape) {
    this.images = new float[Math.toIntExact(size * shape.elements())];
    this.examples = new int[size];
    this.partners = new int[size];
  }

  /** How many examples it takes. */
  public int size() {
    return examples.length;
  }

  /** Batch x channels x height x width, normalised. */
  public float[] images() {
    return images;
  }

  /** The examples' indices. */
  public int[] examples() {
    return examples;
  }

  /** The indices of the examples that were mixed in; matters where {@link #share} is below 1. */
  public int[] partners() {
    return partners;
  }

  /** The share that each image has of its own example. */
  public float share() {
    return share;
  }

  /** Mixes each image with the next, the last with the first. */
  void mix(float newShare) {
    share = newShare;
    int size = examples.length;
    int length = images.length / size;
    float[] first = java.util.Arrays.copyOf(images, length);
    for (int i = 0; i < size; i++) {
      partners[i] = examples[(i + 1) % size];
      boolean last = i == size - 1;
      float[] other = last ? first : images;
      int from = last ? 0 : (i + 1) * length;
      for (int j = 0; j < length; j++) {
        int at = i * length + j;
        images[at] = newShare * images[at] + (1 - newShare) * other[from + j];
      }
    }
  }

  /** Leaves each image as it is. */
  void leaveUnmixed() {
    share = 1;
    System.arraycopy(examples, 0, partners, 0, examples.length);
  }
}
