package io.skyline.worker.compress;

import io.skyline.worker.hashing.HashedKernel;
import io.skyline.worker.train.TensorRule;

/**
 * A kernel in training stays one of the hashed kernels. What is held are frequencies without their
 * signs: every place holds its bucket's value, and takes the mean gradient of the bucket's places,
 * which is the gradient of the nearest hashed kernel. The network computes with the kernel of the
 * values as they are stored.
 */
final class HashedValues implements TensorRule {
  private final HashedKernel kernels;

  /** The rule of kernels of one shape. */
  HashedValues(HashedKernel kernels) {
    this.kernels = kernels;
  }

  @Override
  public void start(float[] tensor) {
    kernels.spread(kernels.means(tensor), tensor);
  }

  @Override
  public void adjust(float[] gradient) {
    kernels.spread(kernels.means(gradient), gradient);
  }

  /** Optimizers treat equal numbers of equal gradients alike; rounding is taken out. */
  @Override
  public void hold(float[] held) {
    kernels.spread(kernels.heldMeans(held), held);
  }

  @Override
  public float[] shown(float[] held) {
    return kernels.kernel(HashedKernel.rounded(kernels.heldMeans(held)));
  }
}
