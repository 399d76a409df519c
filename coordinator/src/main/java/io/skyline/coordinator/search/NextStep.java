package io.skyline.coordinator.search;

/** When a search takes its next step. */
final class NextStep {
  private NextStep() {}

  static boolean isDue(SearchState state) {
    if (!state.mayPropose() && !state.mayPromote()) {
      return false;
    }
    if (state.timeExpired()) {
      return !state.isBusy(); // what is paused is retired when nothing more can pause
    }
    Trainings trainings = state.archive().trainings();
    return switch (state.settings().order()) {
      case DETERMINISTIC ->
          trainings.all().size() + 1 - state.settings().lookahead() <= trainings.settled();
      // one training in reserve: a later proposal knows more
      case ARRIVAL -> state.tasks().waiting().isEmpty();
    };
  }
}
