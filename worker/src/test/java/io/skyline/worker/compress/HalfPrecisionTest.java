package io.skyline.worker.compress;

import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Step;

class HalfPrecisionTest extends CompressionStepContract {
  @Override
  Step step() {
    return new Quantization(Precision.FP16);
  }

  @Override
  double tolerance() {
    return 1e-4;
  }
}
