package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Outcome;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asynchronous successive halving around any controller (Li et al. 2020), which learns of each
 * trial its highest rung, as {@link Forecasts} see it: first when its first training ends, then
 * revised whenever it climbs or the forecast changes.
 */
final class SuccessiveHalving {
  private final Halving halving;
  private final Controller controller;
  private final Promotions promotions;
  private final Forecasts forecasts;
  private final Map<Integer, Known> known = new TreeMap<>();

  SuccessiveHalving(Halving halving, Goals goals, Controller controller) {
    this.halving = halving;
    this.controller = controller;
    this.promotions = new Promotions(halving, goals);
    this.forecasts = new Forecasts(halving);
  }

  /**
   * Of a trial that was scored.
   *
   * @param rung from 0; the last one is the full training
   * @param measured there
   * @param told to the controller
   */
  private record Known(int rung, Outcome.Scored measured, Outcome.Scored told) {}

  Promotions promotions() {
    return promotions;
  }

  /**
   * A training ended.
   *
   * @param round of the trial's trainings, from 1
   * @param epochs at which it was to pause; 0 for the end
   */
  void observe(int trial, int round, int epochs, Outcome outcome) {
    promotions.observe(trial, round, epochs, outcome);
    Known before = known.remove(trial);
    if (outcome instanceof Outcome.Scored scored) {
      int rung = epochs == 0 ? halving.rungs().size() - 1 : round - 1;
      if (before != null) {
        forecasts.climbed(before.rung(), before.measured().scorecard(), scored.scorecard());
      }
      Known now = new Known(rung, scored, foreseen(rung, scored));
      known.put(trial, now);
      tell(before == null, now.told());
    } else {
      tell(before == null, outcome);
    }
    if (before != null) {
      known.replaceAll((other, was) -> retold(was));
    }
  }

  private void tell(boolean first, Outcome outcome) {
    if (first) {
      controller.observe(outcome);
    } else {
      controller.revise(outcome);
    }
  }

  private Known retold(Known was) {
    Outcome.Scored now = foreseen(was.rung(), was.measured());
    if (now.equals(was.told())) {
      return was;
    }
    controller.revise(now);
    return new Known(was.rung(), was.measured(), now);
  }

  private Outcome.Scored foreseen(int rung, Outcome.Scored measured) {
    return new Outcome.Scored(
        measured.step(), measured.genome(), forecasts.of(rung, measured.scorecard()));
  }
}
