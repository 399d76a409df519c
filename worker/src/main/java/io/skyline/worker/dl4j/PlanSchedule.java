package io.skyline.worker.dl4j;

import io.skyline.worker.train.CosineSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/** A plan's learning rates as DL4J asks for them; lives in memory only, never in a saved model. */
@SuppressWarnings("serial")
record PlanSchedule(CosineSchedule rates) implements ISchedule {
  @Override
  public double valueAt(int iteration, int epoch) {
    return rates.rate(iteration);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
