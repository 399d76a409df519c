package io.skyline.worker.dl4j;

import io.skyline.worker.train.LearningRate;
import org.nd4j.linalg.schedule.ISchedule;

/** A plan's learning rates as DL4J asks for them; lives in memory only, never in a saved model. */
@SuppressWarnings("serial")
record PlanSchedule(LearningRate rates) implements ISchedule {
  @Override
  public double valueAt(int iteration, int epoch) {
    return rates.at(iteration);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
