package io.skyline.coordinator.search;

/**
 * The proposals of a search; immutable.
 *
 * @param steps an event a step, from step 1: {@link SearchEvent.Proposed}, {@link
 *     SearchEvent.Rejected}, {@link SearchEvent.Promoted}, {@link SearchEvent.Idled} or {@link
 *     SearchEvent.Retired}
 * @param arrivals the steps whose outcome is known, in the order in which it came to be known
 * @param rejected how many were answered by gate 1
 * @param rejectionsInRow since the last proposal that was worth training
 */
record Proposals(
    PersistentList<SearchEvent> steps,
    PersistentList<Long> arrivals,
    int rejected,
    int rejectionsInRow)
    implements Parts.Part {
  static final Proposals NONE = new Proposals(PersistentList.empty(), PersistentList.empty(), 0, 0);

  Proposals proposed(SearchEvent.Proposed event) {
    checkNext(event.step());
    return new Proposals(steps.plus(event), arrivals, rejected, 0);
  }

  Proposals rejected(SearchEvent.Rejected event) {
    checkNext(event.step());
    return new Proposals(
        steps.plus(event), arrivals.plus(event.step()), rejected + 1, rejectionsInRow + 1);
  }

  /** A step that proposes no genome. */
  Proposals stepped(SearchEvent event, long step) {
    checkNext(step);
    return new Proposals(steps.plus(event), arrivals, rejected, rejectionsInRow);
  }

  /** Whether nothing more is promoted. */
  boolean retired() {
    return !steps.isEmpty() && steps.get(steps.size() - 1) instanceof SearchEvent.Retired;
  }

  Proposals arrived(long step) {
    return new Proposals(steps, arrivals.plus(step), rejected, rejectionsInRow);
  }

  Proposals patient() {
    return new Proposals(steps, arrivals, rejected, 0);
  }

  private void checkNext(long step) {
    if (step != steps.size() + 1L) {
      throw new IllegalArgumentException("step " + step + " is not the one after " + steps.size());
    }
  }
}
