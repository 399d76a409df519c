package io.skyline.worker.trial;

import io.skyline.worker.score.MeasurementLock;
import io.skyline.worker.train.TrainingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells of every batch of a task's trainings, the first and the fine-tunings after it, and pauses
 * while another slot of this machine measures a latency.
 */
final class TrainedProgress implements TrainingProgress {
  /** Of the whole task; exporting and scoring take the rest. */
  static final double SHARE = 0.9;

  private final TaskMonitor monitor;
  private final MeasurementLock lock;
  private final int epochsInAll;
  private double epochsBefore;
  private String stage = "train";
  private final Map<String, List<Double>> losses = new TreeMap<>();
  private double lossOfEpoch;

  /**
   * @param epochs of all trainings together
   * @param behind of the first training, done by an earlier task, with their losses
   */
  TrainedProgress(TaskMonitor monitor, MeasurementLock lock, int epochs, float... behind) {
    this.monitor = monitor;
    this.lock = lock;
    this.epochsInAll = Math.max(1, epochs);
    this.epochsBefore = -behind.length;
    for (float loss : behind) {
      losses.computeIfAbsent(stage, key -> new ArrayList<>()).add((double) loss);
    }
  }

  /** The first training is over; whatever trains now belongs to compression. */
  void compressing(int epochsDone) {
    epochsBefore = epochsDone;
    stage = "compress";
    monitor.progress(stage, SHARE * Math.min(1, epochsBefore / epochsInAll));
  }

  /** How the loss fell up to now. */
  LossCurve curve() {
    return new LossCurve(losses);
  }

  @Override
  public boolean afterBatch(int epoch, int epochs, int batch, int batches, double loss) {
    lock.pauseWhileMeasuring();
    lossOfEpoch = (batch == 0 ? 0 : lossOfEpoch) + loss;
    if (batch == batches - 1) {
      losses.computeIfAbsent(stage, key -> new ArrayList<>()).add(lossOfEpoch / batches);
    }
    double done = epochsBefore + epoch + (batch + 1.0) / batches;
    monitor.progress(stage, SHARE * Math.min(1, done / epochsInAll));
    return !monitor.cancelled();
  }
}
