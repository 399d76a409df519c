package io.skyline.worker.compress;

import io.skyline.worker.export.Encoding;

/**
 * Folds normalizations away, removes dead channels and rounds kernels and biases to few bits of
 * mantissa. They are still stored as float32, of which the packed file then needs less.
 */
record MantissaRounder(int bits) implements CompressionStep {
  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    return Encoded.stored(
        Rounding.of(
            DeadChannels.remove(BatchNormFolding.fold(input.network())),
            weight -> Rounding.mantissa(weight, bits)),
        Encoding.FLOAT32);
  }
}
