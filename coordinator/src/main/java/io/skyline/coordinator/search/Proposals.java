package io.skyline.coordinator.search;

/**
 * The proposals of a search; immutable.
 *
 * @param steps one {@link SearchEvent.Proposed} or {@link SearchEvent.Rejected} a step, from step 1
 * @param arrivals the steps whose outcome is known, in the order in which it came to be known
 * @param rejectionsInRow since the last proposal that was worth training
 */
record Proposals(
    PersistentList<SearchEvent> steps, PersistentList<Long> arrivals, int rejectionsInRow) {
  static final Proposals NONE = new Proposals(PersistentList.empty(), PersistentList.empty(), 0);

  Proposals proposed(SearchEvent.Proposed event) {
    checkNext(event.step());
    return new Proposals(steps.plus(event), arrivals, 0);
  }

  Proposals rejected(SearchEvent.Rejected event) {
    checkNext(event.step());
    return new Proposals(steps.plus(event), arrivals.plus(event.step()), rejectionsInRow + 1);
  }

  Proposals arrived(long step) {
    return new Proposals(steps, arrivals.plus(step), rejectionsInRow);
  }

  Proposals patient() {
    return new Proposals(steps, arrivals, 0);
  }

  private void checkNext(long step) {
    if (step != steps.size() + 1L) {
      throw new IllegalArgumentException("step " + step + " is not the one after " + steps.size());
    }
  }
}
