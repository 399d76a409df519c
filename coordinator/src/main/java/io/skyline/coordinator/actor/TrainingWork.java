package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Ladder;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import java.util.Optional;

/**
 * How much a search has trained, and how much it still will: in trials, or where trainings pause at
 * rungs in epochs.
 */
final class TrainingWork {
  private TrainingWork() {}

  /** What a whole training counts for. */
  static double whole(SearchState state) {
    return state.settings().halving().map(Halving::epochs).orElse(1);
  }

  static double done(SearchState state) {
    Optional<Halving> halving = state.settings().halving();
    return halving.isEmpty()
        ? state.counts().finished()
        : state.trials().stream().mapToDouble(trial -> epochs(trial, halving.get())).sum();
  }

  private static double epochs(Trial trial, Halving halving) {
    return trial.status() == Trial.Status.SCORED ? halving.epochs() : trial.ladder().epochs();
  }

  static double left(SearchState state) {
    Optional<Halving> halving = state.settings().halving();
    return halving.isEmpty()
        ? state.budget() - state.counts().finished()
        : epochsLeft(state, halving.get());
  }

  /** As foreseen, or if the trials that began take more, as many for each that is to begin. */
  private static double epochsLeft(SearchState state, Halving halving) {
    int begun = Math.max(1, state.trials().size());
    double running =
        state.trials().stream()
            .filter(trial -> trial.status() == Trial.Status.OPEN)
            .map(Trial::ladder)
            .mapToDouble(ladder -> target(ladder, halving) - ladder.epochs())
            .sum();
    double likeBefore = (done(state) + running) / begun * (state.budget() - begun) + running;
    return begun < state.budget()
        ? Math.max(halving.expectedEpochs(state.budget()) - done(state), likeBefore)
        : running;
  }

  private static int target(Ladder ladder, Halving halving) {
    return ladder.target() == 0 ? halving.epochs() : ladder.target();
  }
}
