package io.skyline.worker.compress;

import io.skyline.recipe.Quantization;
import io.skyline.recipe.Step;

class StaticInt8Test extends CompressionStepContract {
  @Override
  Step step() {
    return new Quantization(io.skyline.recipe.Precision.INT8);
  }

  /** The network's weights are the integers' values; what remains is the activations' rounding. */
  @Override
  double tolerance() {
    return 0.08;
  }
}
