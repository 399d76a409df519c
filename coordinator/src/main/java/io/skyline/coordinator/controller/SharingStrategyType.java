package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.space.SearchSpace;
import java.util.List;
import java.util.Map;

/**
 * A kind of strategy that a config can name.
 *
 * @param name as in configs
 * @param summary for people, a few words
 * @param settings all that a config may set
 * @param factory makes one from a value for each setting
 */
public record SharingStrategyType(
    String name, String summary, List<Setting> settings, Factory factory) {
  /** Makes a strategy. */
  @FunctionalInterface
  public interface Factory {
    SharingStrategy create(ControllerType.Values values, SearchSpace space, Goals goals, long seed);
  }

  public SharingStrategyType {
    settings = List.copyOf(settings);
  }

  /**
   * A fresh strategy.
   *
   * @param given settings by name; the others take their presets
   * @param goals as far as they are known before a trial
   * @throws IllegalArgumentException naming a setting that is unknown or out of range, or settings
   *     that do not fit each other
   */
  public SharingStrategy create(
      Map<String, Double> given, SearchSpace space, Goals goals, long seed) {
    return factory.create(
        ControllerType.Values.of("strategy '" + name + "'", settings, given), space, goals, seed);
  }
}
