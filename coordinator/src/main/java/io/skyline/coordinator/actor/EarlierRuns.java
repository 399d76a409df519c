package io.skyline.coordinator.actor;

import io.skyline.coordinator.evaluation.Evaluations;
import io.skyline.coordinator.search.SearchEvent;
import java.util.List;

/**
 * What a search may take from runs before it.
 *
 * @param evaluations of trainings that need not be done again
 * @param learned what its controller is told before step 1; counts only when the search begins
 */
public record EarlierRuns(Evaluations evaluations, List<SearchEvent.Learned> learned) {
  /** Nothing. */
  public static final EarlierRuns NONE = new EarlierRuns(Evaluations.NONE, List.of());

  public EarlierRuns {
    learned = List.copyOf(learned);
  }
}
