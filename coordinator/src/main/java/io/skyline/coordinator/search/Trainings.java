package io.skyline.coordinator.search;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * The trainings of a search in step order, on whose prefixes later steps depend; immutable.
 *
 * @param all new trials and promotions; empty for a step that trains nothing
 * @param settled the first so many have all ended
 */
record Trainings(PersistentList<Optional<TaskId>> all, int settled) {
  static final Trainings NONE = new Trainings(PersistentList.empty(), 0);

  Trainings plus(TaskId training) {
    return new Trainings(all.plus(Optional.of(training)), settled);
  }

  Trainings plusNone() {
    return new Trainings(all.plus(Optional.empty()), settled);
  }

  /** Counts the prefix anew, by what has ended. */
  Trainings counted(Predicate<TaskId> ended) {
    int prefix = settled;
    while (prefix < all.size() && all.get(prefix).map(ended::test).orElse(true)) {
      prefix++;
    }
    return prefix == settled ? this : new Trainings(all, prefix);
  }
}
