package io.skyline.coordinator.search;

import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the candidates that broke the constraints by least. */
final class NearMisses {
  private NearMisses() {}

  static List<NearMiss> of(SearchState state, int count) {
    Goals goals = state.settings().goals();
    List<NearMiss> misses = new ArrayList<>();
    for (SearchEvent step : state.steps()) {
      if (step instanceof SearchEvent.Rejected rejected) {
        add(misses, goals, rejected.step(), rejected.genome(), rejected.exact());
      }
    }
    for (Trial trial : state.trials()) {
      if (trial.status() == Trial.Status.SCORED) {
        add(misses, goals, trial.step(), trial.genome(), trial.scorecard());
      }
    }
    misses.sort(Comparator.comparingDouble(NearMiss::violation).thenComparingLong(NearMiss::step));
    return List.copyOf(misses.subList(0, Math.min(count, misses.size())));
  }

  private static void add(
      List<NearMiss> misses, Goals goals, long step, String genome, Scorecard scorecard) {
    double violation = goals.foreseenViolation(scorecard);
    if (violation > 0) {
      misses.add(new NearMiss(step, genome, scorecard, violation));
    }
  }
}
