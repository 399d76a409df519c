package io.skyline.worker.compress;

import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.HalfFloat;

/**
 * Folds normalizations away, removes dead channels and rounds kernels and biases to IEEE half
 * precision.
 */
record HalfPrecision() implements CompressionStep {
  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    return Encoded.stored(
        Rounding.of(DeadChannels.remove(BatchNormFolding.fold(input.network())), HalfFloat::round),
        Encoding.FLOAT16);
  }
}
