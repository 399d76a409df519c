package io.skyline.worker.train;

import org.jspecify.annotations.Nullable;

/** What must hold of a network's tensors after every step of a training. */
public interface WeightRule {
  /** Every number goes where its gradient leads. */
  WeightRule FREE = (key, start) -> null;

  /**
   * The rule of a tensor.
   *
   * @param key as {@link io.skyline.worker.network.Weights#key}
   * @param start the tensor before training, in plain order
   * @return null if it is free
   */
  @Nullable TensorRule of(String key, float[] start);
}
