package io.skyline.worker.train;

import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import java.util.List;

/** The learning rate of each step of a training. */
public sealed interface LearningRate {
  /** The rate of a step, counted from 0. */
  double at(long step);

  /** A plan's rates for epochs of so many steps. */
  static LearningRate of(TrainingPlan plan, int stepsPerEpoch) {
    Schedule schedule = plan.schedule();
    long warmup = Math.round(schedule.warmupEpochs() * stepsPerEpoch);
    long steps = (long) plan.epochs() * stepsPerEpoch;
    return switch (schedule.shape()) {
      case COSINE -> new Cosine(schedule.peak(), warmup, steps);
      case ONE_CYCLE -> new OneCycle(schedule.peak(), steps);
      case STEP ->
          new Steps(schedule.peak(), warmup, steps, schedule.drops(), schedule.dropFactor());
    };
  }

  /**
   * A linear rise to the peak, then half a cosine down to zero (Loshchilov and Hutter 2017, without
   * restarts).
   *
   * @param warmup steps of the rise
   * @param steps in all
   */
  record Cosine(double peak, long warmup, long steps) implements LearningRate {
    @Override
    public double at(long step) {
      return step < warmup
          ? rise(peak, step, warmup)
          : between(peak, 0, (double) (step - warmup) / Math.max(1, steps - warmup));
    }
  }

  /**
   * From a twenty-fifth of the peak up over the first 30 % of the steps and down to a 250,000th,
   * both along half a cosine (Smith and Topin 2018, as PyTorch has it, without its change of
   * momentum).
   */
  record OneCycle(double peak, long steps) implements LearningRate {
    private static final double RISING = 0.3;
    private static final double START = 1 / 25.0;
    private static final double END = START / 10_000;

    @Override
    public double at(long step) {
      double top = RISING * steps - 1;
      return step <= top
          ? between(peak * START, peak, step / Math.max(1, top))
          : between(peak, peak * END, (step - top) / Math.max(1, steps - 1 - top));
    }
  }

  /** A linear rise to the peak, which is multiplied by a factor at each drop. */
  record Steps(double peak, long warmup, long steps, List<Double> drops, double factor)
      implements LearningRate {
    @Override
    public double at(long step) {
      if (step < warmup) {
        return rise(peak, step, warmup);
      }
      double rate = peak;
      for (double drop : drops) {
        rate *= step >= drop * steps ? factor : 1;
      }
      return rate;
    }
  }

  private static double rise(double peak, long step, long warmup) {
    return peak * (step + 1) / (warmup + 1);
  }

  private static double between(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + Math.cos(Math.PI * Math.min(1, share)));
  }
}
