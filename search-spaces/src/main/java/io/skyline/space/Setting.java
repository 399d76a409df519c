package io.skyline.space;

import io.skyline.space.Decision.When;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a space as its YAML gives it: a fixed value, or a decision.
 *
 * @param decision the name of the decision, or null if there is nothing to decide
 * @param values what it can be; one if fixed
 */
record Setting(@Nullable String decision, List<String> values) {
  Setting {
    values = List.copyOf(values);
  }

  static Setting fixed(String value) {
    return new Setting(null, List.of(value));
  }

  /** The condition that this is anything but one value, where that is to be decided. */
  Optional<When> unless(String value, Optional<When> otherwise) {
    if (decision == null || !values.contains(value)) {
      return otherwise;
    }
    Set<String> others = new LinkedHashSet<>(values);
    others.remove(value);
    return Optional.of(new When(decision, others));
  }

  /** The condition that this is one of some values, where that is to be decided. */
  Optional<When> among(List<String> some, Optional<When> otherwise) {
    Set<String> chosen = new LinkedHashSet<>(values);
    chosen.retainAll(some);
    return decision == null || chosen.isEmpty() || chosen.size() == values.size()
        ? otherwise
        : Optional.of(new When(decision, chosen));
  }

  String of(Genome genome, SearchSpace space) {
    return decision == null ? values.get(0) : space.value(genome, decision);
  }

  int integer(Genome genome, SearchSpace space) {
    return Integer.parseInt(of(genome, space));
  }

  double number(Genome genome, SearchSpace space) {
    return Double.parseDouble(of(genome, space));
  }
}
