package io.skyline.coordinator.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Asynchronous successive halving (Li et al., "A System for Massively Parallel Hyperparameter
 * Tuning", 2020, algorithm 2): trainings pause at rungs, and the best of a rung go on.
 *
 * @param from epochs of the lowest rung
 * @param eta each rung lies so many times higher, and one in so many of a rung is promoted
 * @param epochs of a full training
 */
public record Halving(int from, int eta, int epochs) {
  /** One in three, as the paper's authors have it. */
  public static final int USUAL_ETA = 3;

  /** Rungs below a full training at most, with the usual lowest. */
  private static final int USUAL_RUNGS = 3;

  public Halving {
    if (from < 1 || eta < 2 || (long) from * eta > epochs) {
      throw new IllegalArgumentException(
          "rungs from %d by %d do not lead to %d epochs".formatted(from, eta, epochs));
    }
  }

  /** The usual lowest rung below a full training: a 27th with eta 3. */
  public static int usualFrom(int epochs, int eta) {
    return Math.max(1, (int) (epochs / Math.pow(eta, USUAL_RUNGS)));
  }

  /**
   * The epochs of each rung, rising, the full training last. A rung from which less than {@code
   * eta} times the epochs lead to the full training is left out: it would save too little.
   */
  public List<Integer> rungs() {
    List<Integer> rungs = new ArrayList<>();
    for (long rung = from; rung * eta <= epochs; rung *= eta) {
      rungs.add((int) rung);
    }
    rungs.add(epochs);
    return List.copyOf(rungs);
  }

  /** The epochs that so many trials take if each rung promotes its share and nothing fails. */
  public double expectedEpochs(int trials) {
    double sum = epochs;
    double reaching = trials - 1;
    int before = 0;
    for (int rung : rungs()) {
      sum += reaching * (rung - before);
      reaching /= eta;
      before = rung;
    }
    return sum;
  }
}
