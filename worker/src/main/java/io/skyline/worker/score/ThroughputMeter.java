package io.skyline.worker.score;

import io.skyline.scorecard.RuntimeBudget;
import io.skyline.worker.data.Examples;
import java.util.List;

/**
 * Tries settings of ONNX Runtime on a model: threads, batch and parallel streams; everyone else who
 * holds to the lock pauses meanwhile.
 */
public final class ThroughputMeter {
  /** What activations may take in all sessions, each of which keeps what it once used. */
  private static final double MEMORY = 256 << 20;

  private final MeasurementLock lock;

  /**
   * @param lock that this machine's workers share
   */
  public ThroughputMeter(MeasurementLock lock) {
    this.lock = lock;
  }

  /**
   * Tries settings on as many cores as the budget and this process have.
   *
   * @param examples to run it on; with exits, the model's throughput depends on them
   * @param peakMemory bytes of weights and live activations of one example
   */
  public RuntimeTuning tune(
      byte[] onnx, Examples examples, RuntimeBudget budget, double peakMemory) {
    int available = Runtime.getRuntime().availableProcessors();
    int cores = Math.min(available, budget.cores().orElse(available));
    double inputs = (double) examples.shape().elements() * Float.BYTES;
    List<RuntimeSetting> all = RuntimeSetting.onCores(cores);
    long sessions = all.stream().mapToInt(RuntimeSetting::threads).distinct().count();
    long most = (long) (MEMORY / sessions / Math.max(inputs, peakMemory - onnx.length));
    List<RuntimeSetting> lanes =
        all.stream().filter(lane -> lane.streams() <= Math.max(1, most)).toList();
    List<RuntimeSetting> settings =
        lanes.stream().flatMap(lane -> lane.batches(most).stream()).toList();
    try (ParallelRuns runs = new ParallelRuns(onnx, settings, examples)) {
      RuntimeRace race = new RuntimeRace(runs, System::nanoTime, budget.time());
      return lock.whileOthersPause(() -> new RuntimeTuning(cores, race.run(lanes, most)));
    }
  }
}
