package io.skyline.worker.train;

/**
 * Scales a gradient whose norm is too large down to the largest allowed (Pascanu et al. 2013).
 *
 * @param largest Euclidean norm; 0 for no limit
 */
record GradientLimit(double largest) {
  void apply(float[] gradients) {
    if (largest == 0) {
      return;
    }
    double squares = 0;
    for (float gradient : gradients) {
      squares += (double) gradient * gradient;
    }
    double norm = Math.sqrt(squares);
    if (norm > largest) {
      float factor = (float) (largest / norm);
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] *= factor;
      }
    }
  }
}
