package io.skyline.coordinator.search;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * The trainings of a search in step order, on whose prefixes later steps depend; immutable.
 *
 * @param all new trials and promotions; empty for a step that trains nothing
 * @param settled the first so many have all ended
 * @param screened of the settled ones up to each, how many were screened out
 */
record Trainings(
    PersistentList<Optional<TaskId>> all, int settled, PersistentList<Integer> screened) {
  static final Trainings NONE = new Trainings(PersistentList.empty(), 0, PersistentList.empty());

  Trainings plus(TaskId training) {
    return new Trainings(all.plus(Optional.of(training)), settled, screened);
  }

  Trainings plusNone() {
    return new Trainings(all.plus(Optional.empty()), settled, screened);
  }

  /** Counts the prefix anew, by what has ended, and how. */
  Trainings counted(Predicate<TaskId> ended, Predicate<TaskId> screenedOut) {
    Trainings next = this;
    while (next.settled < all.size() && all.get(next.settled).map(ended::test).orElse(true)) {
      boolean out = all.get(next.settled).map(screenedOut::test).orElse(false);
      int count = next.screenedOf(next.settled) + (out ? 1 : 0);
      next = new Trainings(all, next.settled + 1, next.screened.plus(count));
    }
    return next;
  }

  /** How many of the first so many, as far as they are settled, were screened out. */
  int screenedOf(int first) {
    int known = Math.min(first, settled);
    return known <= 0 ? 0 : screened.get(known - 1);
  }

  /** How many of the first the next step may depend on. */
  int visible(int lookahead) {
    return Math.max(0, all.size() + 1 - lookahead);
  }

  /** Whether the next step may not depend on all trainings yet. */
  boolean hides(int lookahead) {
    return all.subList(visible(lookahead), all.size()).stream().anyMatch(Optional::isPresent);
  }
}
