package io.skyline.worker.dl4j;

import io.skyline.architecture.Convolution;

/**
 * What a vertex of a DL4J graph gives, as far as it has been read: the output of a node, or a part
 * of a layer that DL4J does not have and that several vertices make up together.
 */
sealed interface Reading {
  /** The graph's own input, of which it is not known yet whether DL4J wants it flat. */
  record Raw() implements Reading {}

  /** What a node gives, or the normalised input. */
  record Ready(String node) implements Reading {}

  /** Some channels of a node. */
  record Part(String vertex, String of, int from, int to) implements Reading {}

  /**
   * A convolution of some channels: one group of several, perhaps.
   *
   * @param kernel as plain values
   * @param bias as plain values; empty without one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Group(Part part, String vertex, Convolution convolution, float[] kernel, float[] bias)
      implements Reading {}

  /** {@code scale * x + shift}. */
  record Affine(String of, double scale, double shift) implements Reading {}

  /** {@code min(max(x + 3, 0), 6)}. */
  record Clipped(String of) implements Reading {}

  /** A sixth of {@link Clipped}. */
  record HardSigmoid(String vertex, String of) implements Reading {}

  /** A gate that was given the shape of what it gates. */
  record Repeated(String gate) implements Reading {}

  /** A step on the way to the maximum over a node's channels. */
  record Maximum(String of) implements Reading {}
}
