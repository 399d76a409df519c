package io.skyline.coordinator.cli;

import io.skyline.coordinator.search.Halving;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads {@code --halving from=3,eta=3}; what is left away takes its preset. */
final class HalvingOption {
  private static final Set<String> KEYS = Set.of("from", "eta");

  private HalvingOption() {}

  /**
   * The rungs of trainings of so many epochs.
   *
   * @throws InvalidDocumentException naming the part that is none
   */
  static Halving parse(String text, int epochs) {
    Map<String, Integer> values = new HashMap<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",")) {
      String[] sides = part.strip().split("=", 2);
      if (sides.length < 2 || !KEYS.contains(sides[0]) || !sides[1].matches("[1-9]\\d{0,5}")) {
        throw bad("'" + part + "' is no setting", "Write, for example, from=3,eta=3.");
      }
      values.put(sides[0], Integer.parseInt(sides[1]));
    }
    int eta = values.getOrDefault("eta", Halving.USUAL_ETA);
    int from = values.getOrDefault("from", Halving.usualFrom(epochs, eta));
    try {
      return new Halving(from, eta, epochs);
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()), "Begin lower, with eta 2 or 3.");
    }
  }

  private static InvalidDocumentException bad(String what, String suggestion) {
    return new InvalidDocumentException(new Place("--halving", 0, 0), what, suggestion);
  }
}
