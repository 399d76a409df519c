package io.skyline.worker.compress;

import io.skyline.worker.network.Network;
import io.skyline.worker.score.ActivationRanges;

/**
 * Folds normalizations away, moves kernels to the int8 grid and measures on calibration data the
 * ranges of all activations (Jacob et al. 2018).
 */
record StaticInt8() implements CompressionStep {
  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    Network rounded = Rounding.INT8.of(BatchNormFolding.fold(input.network()));
    return Encoded.stored(rounded, ActivationRanges.measure(rounded, bench.calibration()));
  }
}
