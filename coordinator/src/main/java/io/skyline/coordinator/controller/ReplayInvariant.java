package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** I5 of the durability promise: a fresh controller fed the same outcomes proposes the same. */
public final class ReplayInvariant {
  private ReplayInvariant() {}

  /**
   * Where a journal's proposals differ from those that a fresh proposer makes, in words for a
   * person; empty if nowhere.
   */
  public static List<String> check(
      SearchSettings settings, List<SearchEvent> events, Proposer fresh) {
    List<String> broken = new ArrayList<>();
    Deque<String> due = new ArrayDeque<>();
    SearchState state = SearchState.initial(settings);
    for (SearchEvent event : events) {
      if (!proposal(event).isEmpty()) {
        if (due.isEmpty()) {
          fresh.advance(state, 0).stream().map(ReplayInvariant::proposal).forEach(due::add);
          due.removeIf(String::isEmpty);
        }
        String expected = due.isEmpty() ? "nothing" : due.remove();
        if (!expected.equals(proposal(event))) {
          broken.add("I5: " + proposal(event) + " was journalled, a replay gives " + expected);
          return broken;
        }
      }
      state = state.apply(event);
    }
    return broken;
  }

  private static String proposal(SearchEvent event) {
    if (event instanceof SearchEvent.Proposed proposed) {
      String from = proposed.parent() == 0 ? "" : " from trial " + proposed.parent();
      return "step " + proposed.step() + ": " + proposed.genome() + from;
    } else if (event instanceof SearchEvent.Rejected rejected) {
      return "step " + rejected.step() + ", rejected: " + rejected.genome();
    } else if (event instanceof SearchEvent.PathDrawn path) {
      return "path " + path.step() + ": " + path.choices();
    } else if (event instanceof SearchEvent.CandidateDrawn candidate) {
      return "candidate " + candidate.number() + ": " + candidate.genome();
    }
    if (event instanceof SearchEvent.Promoted promoted) {
      return "step %d: %s to %d"
          .formatted(promoted.step(), promoted.task().text(), promoted.epochs());
    } else if (event instanceof SearchEvent.Idled idled) {
      return "step " + idled.step() + ", idle";
    } else if (event instanceof SearchEvent.Retired retired) {
      return "step " + retired.step() + ", retired";
    }
    return "";
  }
}
