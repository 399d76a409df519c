package io.skyline.worker.train;

/**
 * A linear rise to the peak, then half a cosine down to zero (Loshchilov and Hutter 2017, without
 * restarts).
 *
 * @param peak learning rate
 * @param warmup steps of the rise
 * @param steps in all
 */
record CosineSchedule(double peak, long warmup, long steps) {
  /** The learning rate of a step, counted from 0. */
  double rate(long step) {
    if (step < warmup) {
      return peak * (step + 1) / (warmup + 1);
    }
    return peak / 2 * (1 + Math.cos(Math.PI * (step - warmup) / Math.max(1, steps - warmup)));
  }
}
