package io.skyline.worker.train;

import io.skyline.architecture.Shape;

/** What a node gives: numbers in memory, or channels of such that nobody has gathered yet. */
sealed interface Value permits Tensor, Selection {
  Shape shape();

  /** Whether training asks for the gradient. */
  boolean needsGradient();
}
