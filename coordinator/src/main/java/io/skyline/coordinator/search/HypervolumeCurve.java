package io.skyline.coordinator.search;

import java.util.List;

/** How the hypervolume grew over the trials of a search. */
public final class HypervolumeCurve {
  private HypervolumeCurve() {}

  /**
   * For each trial the hypervolume of the trials up to it, by the numbers of their training: what
   * refits and later measurements changed is left out, so the curve never falls.
   *
   * @param trials by number, from 1
   * @return one value a trial, 0..1
   */
  public static double[] of(Goals goals, List<Trial> trials) {
    double[] curve = new double[trials.size()];
    Frontier frontier = Frontier.empty(goals);
    double volume = 0;
    for (int i = 0; i < curve.length; i++) {
      Frontier next = frontier.plus(trials.get(i).asTrained());
      if (next != frontier) {
        frontier = next;
        volume = next.hypervolume();
      }
      curve[i] = volume;
    }
    return curve;
  }
}
