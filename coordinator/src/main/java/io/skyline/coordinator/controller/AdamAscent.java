package io.skyline.coordinator.controller;

/** Moves a vector up a gradient by Adam's rule (Kingma and Ba 2015, algorithm 1). */
final class AdamAscent {
  private static final double FIRST = 0.9;
  private static final double SECOND = 0.999;
  private static final double EPSILON = 1e-8;

  private final double[] vector;
  private final double rate;
  private final double[] means;
  private final double[] squares;
  private double firstLeft = 1;
  private double secondLeft = 1;

  /**
   * @param vector is changed in place
   */
  AdamAscent(double[] vector, double rate) {
    this.vector = vector;
    this.rate = rate;
    this.means = new double[vector.length];
    this.squares = new double[vector.length];
  }

  void step(double[] gradient) {
    firstLeft *= FIRST;
    secondLeft *= SECOND;
    for (int i = 0; i < vector.length; i++) {
      means[i] = FIRST * means[i] + (1 - FIRST) * gradient[i];
      squares[i] = SECOND * squares[i] + (1 - SECOND) * gradient[i] * gradient[i];
      double mean = means[i] / (1 - firstLeft);
      double square = squares[i] / (1 - secondLeft);
      vector[i] += rate * mean / (Math.sqrt(square) + EPSILON);
    }
  }
}
