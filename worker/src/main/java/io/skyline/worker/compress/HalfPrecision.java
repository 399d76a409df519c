package io.skyline.worker.compress;

import io.skyline.worker.export.Encoding;

/** Folds normalizations away and rounds kernels and biases to IEEE half precision. */
record HalfPrecision() implements CompressionStep {
  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    return Encoded.stored(
        Rounding.HALF.of(BatchNormFolding.fold(input.network())), Encoding.FLOAT16);
  }
}
