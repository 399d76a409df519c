package io.skyline.coordinator.controller;

import java.util.Optional;

/**
 * A number that a config may give a controller.
 *
 * @param name as in configs
 * @param preset where the config says nothing
 * @param least allowed
 * @param most allowed
 * @param whole whether it counts something
 * @param meaning for people
 */
public record Setting(
    String name, double preset, double least, double most, boolean whole, String meaning) {
  static Setting whole(String name, int preset, int least, int most, String meaning) {
    return new Setting(name, preset, least, most, true, meaning);
  }

  static Setting real(String name, double preset, double least, double most, String meaning) {
    return new Setting(name, preset, least, most, false, meaning);
  }

  /** What is wrong with a value, and what would be right; empty if it is fine. */
  public Optional<String> complaint(double value) {
    if (value >= least && value <= most && !(whole && value != Math.rint(value))) {
      return Optional.empty();
    }
    return Optional.of(
        "%s is %s from %s to %s, not %s"
            .formatted(
                name, whole ? "a whole number" : "a number", text(least), text(most), text(value)));
  }

  private static String text(double value) {
    boolean exact = value == Math.rint(value) && Math.abs(value) < 1e15;
    return exact ? String.valueOf((long) value) : String.valueOf(value);
  }
}
