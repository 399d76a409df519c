package io.skyline.coordinator.search;

import java.util.List;

/** Why no trial has a place on the frontier, for people. */
public final class EmptyFrontier {
  private EmptyFrontier() {}

  /** One line without a full stop: nothing was scored, or nothing kept every constraint. */
  public static String reason(SearchState state) {
    List<Failure> failures =
        state.trials().stream().flatMap(trial -> trial.failure().stream()).toList();
    if (state.counts().scored() > 0 || failures.isEmpty()) {
      return "no trial kept every constraint";
    }
    Failure last = failures.get(failures.size() - 1);
    return "no trial was scored: %,d failed, the last one as %s: %s"
        .formatted(failures.size(), last.kind(), last.reason());
  }
}
