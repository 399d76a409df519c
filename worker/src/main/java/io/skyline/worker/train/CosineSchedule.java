package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;

/**
 * A linear rise to the peak, then half a cosine down to zero (Loshchilov and Hutter 2017, without
 * restarts).
 *
 * @param peak learning rate
 * @param warmup steps of the rise
 * @param steps in all
 */
public record CosineSchedule(double peak, long warmup, long steps) {
  /** A plan's schedule for epochs of so many steps. */
  public static CosineSchedule of(TrainingPlan plan, int stepsPerEpoch) {
    return new CosineSchedule(
        plan.learningRate(),
        Math.round(plan.warmupEpochs() * stepsPerEpoch),
        (long) plan.epochs() * stepsPerEpoch);
  }

  /** The learning rate of a step, counted from 0. */
  public double rate(long step) {
    if (step < warmup) {
      return peak * (step + 1) / (warmup + 1);
    }
    return peak / 2 * (1 + Math.cos(Math.PI * (step - warmup) / Math.max(1, steps - warmup)));
  }
}
