package io.skyline.worker.compress;

import io.skyline.recipe.Tutoring;

/** Trains on with the teacher that the workbench has been given. */
record Tutor(Tutoring tutoring) implements CompressionStep {
  private static final double RATE = 0.5;

  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    return bench.tune(input, tutoring.epochs(), RATE);
  }
}
