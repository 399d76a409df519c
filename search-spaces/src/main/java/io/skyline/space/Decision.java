package io.skyline.space;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One choice of a space.
 *
 * @param name unique in its space: {@code stage2.kernel}
 * @param kind whether the values have an order
 * @param values at least one, distinct, in order if the kind has one; ranges are written out
 * @param when the decision counts only if this holds; otherwise its value is canonical
 */
public record Decision(String name, Kind kind, List<String> values, Optional<When> when) {
  public Decision {
    values = List.copyOf(values);
    if (values.isEmpty() || Set.copyOf(values).size() != values.size()) {
      throw new IllegalArgumentException(name + " needs distinct values, not " + values);
    }
  }

  /** Whether neighbours in the list of values are alike. */
  public enum Kind {
    CATEGORICAL,
    ORDINAL
  }

  /**
   * A condition on an earlier decision, which must itself be active.
   *
   * @param decision the earlier decision's name
   * @param values those under which the later one counts
   */
  public record When(String decision, Set<String> values) {
    public When {
      values = Set.copyOf(values);
    }
  }
}
