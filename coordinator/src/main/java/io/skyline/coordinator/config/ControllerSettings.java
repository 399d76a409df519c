package io.skyline.coordinator.config;

import io.skyline.coordinator.controller.Controller;
import io.skyline.coordinator.controller.ControllerType;
import io.skyline.coordinator.search.Goals;
import io.skyline.space.SearchSpace;
import java.util.Map;

/**
 * The controller that a config names.
 *
 * @param type its kind
 * @param values what the config sets; the kind's presets stand for the rest
 */
public record ControllerSettings(ControllerType type, Map<String, Double> values) {
  public ControllerSettings {
    values = Map.copyOf(values);
  }

  /** A fresh controller. */
  public Controller create(SearchSpace space, Goals goals, long seed) {
    return type.create(values, space, goals, seed);
  }
}
