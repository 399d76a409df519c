package io.skyline.worker.score;

import io.skyline.scorecard.Measurement;
import io.skyline.worker.export.ModelExits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures latency on machines that are shared and noisy, by comparing with a fixed reference model
 * whose time on this machine is known: batch 1, one thread.
 *
 * <p>In windows of alternating short slices of reference and candidate, a window counts only if the
 * reference ran at its known speed in it; the latency is the median of the windows' ratios times
 * the reference's time. Everyone else who holds to the lock pauses meanwhile.
 */
public final class LatencyMeter implements AutoCloseable {
  private static final long CALIBRATION_SLICE = TimeUnit.MILLISECONDS.toNanos(8);
  private static final int CALIBRATION_SLICES = 300;

  private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(60);
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(3);
  private static final int SLICES_PER_WINDOW = 10;
  private static final int WINDOWS = 7;
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(3);

  /** A window whose reference is slower than its best by more than this is disturbed. */
  private static final double GATE = 1.05;

  /** Memory layout and clock rate differ from load to load even where windows agree. */
  private static final double SMALLEST_TOLERANCE = 0.02;

  private final TimedModel reference;
  private final ReferenceTime referenceTime;
  private final MeasurementLock lock;

  /**
   * @param referenceTime of this machine, from {@link #calibrate}
   * @param lock that this machine's workers share
   */
  public LatencyMeter(ReferenceTime referenceTime, MeasurementLock lock) {
    this.reference = new TimedModel(ReferenceModel.onnx());
    this.referenceTime = referenceTime;
    this.lock = lock;
  }

  /** Times the reference model at this machine's best; takes 2.4 s, once per machine. */
  public static ReferenceTime calibrate(MeasurementLock lock) {
    try (TimedModel model = new TimedModel(ReferenceModel.onnx())) {
      return lock.whileOthersPause(
          () -> {
            double best = Double.MAX_VALUE;
            for (int i = 0; i < CALIBRATION_SLICES; i++) {
              TimedModel.Samples samples = new TimedModel.Samples();
              model.run(CALIBRATION_SLICE, samples);
              best = Math.min(best, samples.lowerQuartile());
            }
            return new ReferenceTime(best / 1e3);
          });
    }
  }

  /**
   * Measures a model in 0.5 to 3 seconds, or three of its windows if that takes longer; one with
   * exits in as long for each path, as the mean over its paths.
   *
   * @return microseconds; not confident if too few windows were undisturbed
   */
  public Measurement measure(byte[] onnx) {
    return measurePaths(onnx).expected();
  }

  /** Measures each way through a model by itself. */
  public PathLatencies measurePaths(byte[] onnx) {
    ModelExits exits = ModelExits.of(onnx);
    List<Measurement> paths = new ArrayList<>();
    for (int path = 0; path < exits.paths(); path++) {
      try (TimedModel candidate = new TimedModel(exits.forced(onnx, path))) {
        paths.add(lock.whileOthersPause(() -> measure(candidate)));
      }
    }
    return new PathLatencies(exits, paths);
  }

  private Measurement measure(TimedModel candidate) {
    TimedModel.Samples ignored = new TimedModel.Samples();
    reference.run(WARM_UP, ignored);
    candidate.run(WARM_UP, ignored);
    List<Double> undisturbed = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    long start = System.nanoTime();
    while (undisturbed.size() < WINDOWS && (all.size() < 3 || System.nanoTime() - start < LIMIT)) {
      TimedModel.Samples references = new TimedModel.Samples();
      TimedModel.Samples candidates = new TimedModel.Samples();
      for (int i = 0; i < SLICES_PER_WINDOW; i++) {
        reference.run(SLICE, references);
        candidate.run(SLICE, candidates);
      }
      double pace = references.lowerQuartile();
      double ratio = candidates.lowerQuartile() / pace;
      all.add(ratio);
      if (pace <= GATE * referenceTime.microseconds() * 1e3) {
        undisturbed.add(ratio);
      }
    }
    boolean confident = undisturbed.size() == WINDOWS;
    return measurement(undisturbed.isEmpty() ? all : undisturbed, confident);
  }

  private Measurement measurement(List<Double> ratios, boolean confident) {
    double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double median = quantile(sorted, 0.5);
    double spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median;
    return new Measurement(
        median * referenceTime.microseconds(), Math.max(SMALLEST_TOLERANCE, spread), confident);
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  @Override
  public void close() {
    reference.close();
  }
}
