package io.skyline.worker.score;

import io.skyline.scorecard.FastestSetting;
import io.skyline.scorecard.Measurement;
import java.util.Comparator;
import java.util.List;

/**
 * The settings of the runtime that were tried on a model.
 *
 * @param cores that they could use
 * @param tried in the order in which they were first measured
 */
public record RuntimeTuning(int cores, List<RuntimeFigures> tried) {
  private static final double SMALLEST_TOLERANCE = 0.02;

  /** What fewer rounds say, or rounds that differ more, is not to be relied on. */
  private static final int CONFIDENT_ROUNDS = 5;

  private static final double CONFIDENT_SPREAD = 0.1;

  public RuntimeTuning {
    tried = List.copyOf(tried);
    if (tried.isEmpty()) {
      throw new IllegalArgumentException("no setting was tried");
    }
  }

  /**
   * The setting of the highest median among those that stayed to the last round: what was given up
   * earlier was slower in the same rounds. Of equals, the first that was tried.
   */
  public RuntimeFigures best() {
    int most = tried.stream().mapToInt(RuntimeFigures::rounds).max().orElseThrow();
    return tried.stream()
        .filter(figures -> figures.rounds() == most)
        .max(
            Comparator.comparingDouble(RuntimeFigures::median)
                .thenComparing(Comparator.comparingInt(tried::indexOf).reversed()))
        .orElseThrow();
  }

  /** Examples a second at the best setting. */
  public Measurement throughput() {
    RuntimeFigures best = best();
    double spread = best.spread();
    return new Measurement(
        best.median(),
        Math.max(SMALLEST_TOLERANCE, spread),
        best.rounds() >= CONFIDENT_ROUNDS && spread <= CONFIDENT_SPREAD);
  }

  /** The best setting beside what it was chosen from. */
  public FastestSetting fastest() {
    RuntimeSetting best = best().setting();
    return new FastestSetting(
        cores, best.threads(), best.batch(), best.streams(), tried.size(), throughput());
  }
}
