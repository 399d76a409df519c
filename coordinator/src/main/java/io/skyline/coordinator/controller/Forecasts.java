package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Halving;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a score at a rung foretells of the full training, so that controllers may compare trials
 * that were trained for different times: errors shrink from rung to rung by the median factor of
 * the trials that climbed it. Costs, which training does not change, stay as they are.
 */
final class Forecasts {
  /** By rung below the full training: how errors shrank on the way to the next, rising. */
  private final List<Map<Metric, List<Double>>> factors = new ArrayList<>();

  Forecasts(Halving halving) {
    for (int i = 0; i < halving.rungs().size() - 1; i++) {
      factors.add(new EnumMap<>(Metric.class));
    }
  }

  /**
   * A trial climbed from a rung to the next.
   *
   * @param rung from 0
   */
  void climbed(int rung, Scorecard before, Scorecard after) {
    for (Metric metric : Metric.values()) {
      if (isLearned(metric)
          && before.value(metric).isPresent()
          && after.value(metric).isPresent()) {
        double factor =
            error(metric, after.value(metric).getAsDouble())
                / error(metric, before.value(metric).getAsDouble());
        if (Double.isFinite(factor)) {
          List<Double> sorted = factors.get(rung).computeIfAbsent(metric, key -> new ArrayList<>());
          int place = Collections.binarySearch(sorted, factor);
          sorted.add(place < 0 ? -place - 1 : place, factor);
        }
      }
    }
  }

  /** The scorecard of a rung as it would be after the full training. */
  Scorecard of(int rung, Scorecard scorecard) {
    Scorecard foreseen = scorecard;
    for (Map.Entry<Metric, Measurement> known : scorecard.measurements().entrySet()) {
      Metric metric = known.getKey();
      double factor = 1;
      for (int i = rung; i < factors.size() && isLearned(metric); i++) {
        factor *= median(factors.get(i).getOrDefault(metric, List.of()));
      }
      if (factor != 1) {
        double value = error(metric, error(metric, known.getValue().value()) * factor);
        Measurement was = known.getValue();
        foreseen = foreseen.with(metric, new Measurement(value, was.tolerance(), was.confident()));
      }
    }
    return foreseen;
  }

  private static double median(List<Double> sorted) {
    return sorted.isEmpty() ? 1 : sorted.get(sorted.size() / 2);
  }

  private static boolean isLearned(Metric metric) {
    return metric.task().isPresent() && !metric.isTest();
  }

  /** What a perfect model has none of; its own inverse. */
  private static double error(Metric metric, double value) {
    return metric.higherIsBetter() ? 1 - value : value;
  }
}
