package io.skyline.coordinator.data;

import java.util.Map;
import java.util.Set;

/**
 * How a table is to be understood.
 *
 * @param separator between fields
 * @param missing what stands for a missing value, compared without surrounding blanks
 * @param target the column to predict
 * @param kinds of columns; those not named are numeric if every training value is a number, else
 *     categorical
 */
public record CsvFormat(
    char separator, Set<String> missing, String target, Map<String, Kind> kinds) {
  public CsvFormat {
    missing = Set.copyOf(missing);
    kinds = Map.copyOf(kinds);
  }

  /** What a column holds. */
  public enum Kind {
    /** Numbers; a missing one is the median of the training data. */
    NUMERIC,
    /** One of several words, as one channel each; a missing or new one is a channel of its own. */
    CATEGORICAL,
    /** Nothing to learn from. */
    IGNORE
  }

  boolean isMissing(String field) {
    return missing.contains(field.strip());
  }
}
