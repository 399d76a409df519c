package io.skyline.worker.train;

/**
 * One differentiable step of a {@link Graph}. Making it plans its forward pass; the backward passes
 * are planned afterwards, last op first.
 */
interface Op {
  /** What it computes. */
  Tensor output();

  /**
   * Plans the gradients of inputs and parameters from the gradient of the output, which is complete
   * by now, and releases the latter.
   */
  void planBackward();
}
