package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.space.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A kind of controller that a config can name.
 *
 * @param name as in configs
 * @param summary for people, a few words
 * @param settings all that a config may set
 * @param factory makes one from a value for each setting
 */
public record ControllerType(String name, String summary, List<Setting> settings, Factory factory) {
  /** Makes a controller. */
  @FunctionalInterface
  public interface Factory {
    Controller create(Values values, SearchSpace space, Goals goals, long seed);
  }

  public ControllerType {
    settings = List.copyOf(settings);
  }

  /**
   * A fresh controller.
   *
   * @param given settings by name; the others take their presets
   * @throws IllegalArgumentException naming a setting that is unknown or out of range, or settings
   *     that do not fit each other
   */
  public Controller create(Map<String, Double> given, SearchSpace space, Goals goals, long seed) {
    return factory.create(
        Values.of("controller '" + name + "'", settings, given), space, goals, seed);
  }

  /** A value for each setting. */
  public static final class Values {
    private final Map<String, Double> byName;

    private Values(Map<String, Double> byName) {
      this.byName = byName;
    }

    /**
     * Presets with what is given laid over them.
     *
     * @param owner of the settings, for the message
     * @throws IllegalArgumentException naming a setting that is unknown or out of range
     */
    static Values of(String owner, List<Setting> settings, Map<String, Double> given) {
      Map<String, Double> values = new TreeMap<>();
      settings.forEach(setting -> values.put(setting.name(), setting.preset()));
      new TreeMap<>(given)
          .forEach(
              (setting, value) -> {
                if (values.replace(setting, value) == null) {
                  throw new IllegalArgumentException(
                      "%s has no setting '%s'; it has %s"
                          .formatted(owner, setting, values.keySet()));
                }
              });
      Values all = new Values(values);
      for (Setting setting : settings) {
        Optional<String> complaint = setting.complaint(all.number(setting.name()));
        if (complaint.isPresent()) {
          throw new IllegalArgumentException(complaint.get());
        }
      }
      return all;
    }

    Map<String, Double> all() {
      return Map.copyOf(byName);
    }

    double number(String setting) {
      return Objects.requireNonNull(byName.get(setting), setting);
    }

    int whole(String setting) {
      return (int) number(setting);
    }
  }
}
