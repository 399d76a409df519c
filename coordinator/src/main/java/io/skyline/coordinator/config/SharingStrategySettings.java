package io.skyline.coordinator.config;

import io.skyline.coordinator.controller.SharingStrategy;
import io.skyline.coordinator.controller.SharingStrategyType;
import io.skyline.coordinator.search.Goals;
import io.skyline.space.SearchSpace;
import java.util.Map;

/**
 * The strategy of shared weights that a config names.
 *
 * @param type its kind
 * @param values what the config sets; the kind's presets stand for the rest
 * @param goals as far as they are known before a trial
 */
public record SharingStrategySettings(
    SharingStrategyType type, Map<String, Double> values, Goals goals) {
  public SharingStrategySettings {
    values = Map.copyOf(values);
  }

  /** A fresh strategy. */
  public SharingStrategy create(SearchSpace space, long seed) {
    return type.create(values, space, goals, seed);
  }
}
