package io.skyline.worker.score;

import io.skyline.scorecard.Measurement;
import io.skyline.worker.export.ModelExits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures latency on machines that are shared and noisy, by comparing with a fixed reference model
 * whose time on this machine is known: batch 1, one thread.
 *
 * <p>In windows of alternating short slices of reference and candidate, those count in which the
 * reference ran at the pace that the machine has for the moment, and near the speed that is known
 * of it; the latency is the median of their ratios times the reference's time. Everyone else who
 * holds to the lock pauses meanwhile.
 */
public final class LatencyMeter implements AutoCloseable {
  private static final int CALIBRATION_WINDOWS = 40;

  private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(60);
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(3);
  private static final int SLICES_PER_WINDOW = 10;
  private static final int WINDOWS = 7;
  private static final long GLANCE_WARM_UP = TimeUnit.MILLISECONDS.toNanos(15);
  private static final int GLANCE_SLICES = 4;
  private static final int GLANCE_WINDOWS = 5;
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(3);

  /** A window whose reference is further from the other windows' is a burst or disturbed. */
  private static final double STEADY = 0.03;

  /** Where the reference takes this much longer than it is known to, others use the machine. */
  private static final double SLOWEST = 1.15;

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

  /**
   * Times the reference model at this machine's best; takes 2.4 s, once per machine.
   *
   * <p>In the windows that measuring uses, beside a copy of itself: alone and in shorter stretches
   * a processor is now and then faster than it ever is in a window, and then none would count.
   */
  public static ReferenceTime calibrate(MeasurementLock lock) {
    try (TimedModel model = new TimedModel(ReferenceModel.onnx());
        TimedModel copy = new TimedModel(ReferenceModel.onnx())) {
      return lock.whileOthersPause(
          () -> {
            double best = Double.MAX_VALUE;
            for (int i = 0; i < CALIBRATION_WINDOWS; i++) {
              best = Math.min(best, Window.of(model, copy).reference);
            }
            return new ReferenceTime(best / 1e3);
          });
    }
  }

  /** What a run of either model took in one window, in nanoseconds. */
  record Window(double reference, double candidate) {
    double ratio() {
      return candidate / reference;
    }

    static Window of(TimedModel reference, TimedModel candidate) {
      return of(reference, candidate, SLICES_PER_WINDOW);
    }

    static Window of(TimedModel reference, TimedModel candidate, int slices) {
      TimedModel.Samples references = new TimedModel.Samples();
      TimedModel.Samples candidates = new TimedModel.Samples();
      for (int i = 0; i < slices; i++) {
        reference.run(SLICE, references);
        candidate.run(SLICE, candidates);
      }
      return new Window(references.lowerQuartile(), candidates.lowerQuartile());
    }
  }

  /**
   * Measures a model in 0.5 to 3 seconds, or three of its windows if that takes longer; one with
   * exits in as long for each path, as the mean over its paths.
   *
   * @return microseconds; not confident if too few windows count
   */
  public Measurement measure(byte[] onnx) {
    return measurePaths(onnx).expected();
  }

  /**
   * Measures a model without exits in 0.15 seconds, or one window if that takes longer: less
   * exactly than {@link #measure}, for many models of which no single one matters.
   *
   * @return microseconds
   */
  public double glance(byte[] onnx) {
    try (TimedModel candidate = new TimedModel(onnx)) {
      return lock.whileOthersPause(() -> glance(candidate));
    }
  }

  private double glance(TimedModel candidate) {
    TimedModel.Samples ignored = new TimedModel.Samples();
    candidate.run(GLANCE_WARM_UP, ignored);
    double[] ratios = new double[GLANCE_WINDOWS];
    for (int i = 0; i < GLANCE_WINDOWS; i++) {
      ratios[i] = Window.of(reference, candidate, GLANCE_SLICES).ratio();
    }
    Arrays.sort(ratios);
    return Quantiles.of(ratios, 0.5) * referenceTime.microseconds();
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
    List<Window> all = new ArrayList<>();
    List<Window> counting = List.of();
    long start = System.nanoTime();
    while (counting.size() < WINDOWS && (all.size() < 3 || System.nanoTime() - start < LIMIT)) {
      all.add(Window.of(reference, candidate));
      counting = counting(all, referenceTime);
    }
    return measurement(counting.isEmpty() ? all : counting, counting.size() >= WINDOWS);
  }

  /**
   * The windows that count: a shared machine drifts by several percent within minutes and runs now
   * and then faster than it can last, and both models with it; but who shares a cache slows one
   * more than the other.
   */
  static List<Window> counting(List<Window> all, ReferenceTime known) {
    double slowest = SLOWEST * known.microseconds() * 1e3;
    List<Window> fast = all.stream().filter(window -> window.reference <= slowest).toList();
    if (fast.isEmpty()) {
      return fast;
    }
    double[] paces = fast.stream().mapToDouble(Window::reference).sorted().toArray();
    double pace = paces[(paces.length - 1) / 2];
    return fast.stream().filter(window -> Math.abs(window.reference / pace - 1) <= STEADY).toList();
  }

  private Measurement measurement(List<Window> windows, boolean confident) {
    double[] ratios = windows.stream().mapToDouble(Window::ratio).sorted().toArray();
    double median = Quantiles.of(ratios, 0.5);
    return new Measurement(
        median * referenceTime.microseconds(),
        Math.max(SMALLEST_TOLERANCE, Quantiles.spread(ratios)),
        confident);
  }

  @Override
  public void close() {
    reference.close();
  }
}
