package io.skyline.yaml;

import io.skyline.scorecard.MalformedQuantityException;
import io.skyline.scorecard.Quantity;
import io.skyline.scorecard.Unit;
import java.util.OptionalDouble;

/** Reads quantities where a document has them. */
public final class Quantities {
  private Quantities() {}

  /**
   * A quantity in a unit; empty, with a problem, if it is none.
   *
   * @param text as written
   * @param name of the key or metric
   * @param place of the text
   */
  public static OptionalDouble read(
      String text, String name, Unit unit, Place place, Problems problems) {
    try {
      return OptionalDouble.of(Quantity.parse(text, unit).value());
    } catch (MalformedQuantityException e) {
      problems.add(place, "'" + name + "': " + e.getMessage(), e.suggestion());
      return OptionalDouble.empty();
    }
  }
}
