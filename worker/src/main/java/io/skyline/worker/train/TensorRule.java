package io.skyline.worker.train;

/**
 * What must hold of one tensor after every step of a training; arrays are in plain order.
 *
 * <p>The optimizer moves the <i>held</i> numbers, the network computes with the <i>shown</i> ones,
 * and gradients taken of the shown are applied to the held (a straight-through estimator, Bengio et
 * al. 2013) wherever the two differ.
 */
public interface TensorRule {
  /** Turns the tensor that a training starts from, in place, into the numbers to hold. */
  default void start(float[] tensor) {}

  /** Takes out of a gradient, in place, what would break the rule. */
  default void adjust(float[] gradient) {}

  /** Moves the held numbers, in place, back to where they may be. */
  void hold(float[] held);

  /** What the network computes with: the held numbers themselves, or others made of them. */
  default float[] shown(float[] held) {
    return held;
  }
}
