package io.skyline.coordinator.search;

/** Pareto dominance of cost vectors, all to be made small. */
public final class Dominance {
  private Dominance() {}

  /** Whether {@code a} is nowhere worse than {@code b} and somewhere better. */
  public static boolean dominates(double[] a, double[] b) {
    boolean better = false;
    for (int i = 0; i < a.length; i++) {
      if (a[i] > b[i]) {
        return false;
      }
      better |= a[i] < b[i];
    }
    return better;
  }
}
