package io.skyline.coordinator.search;

/** When a search takes its next step. */
public final class NextStep {
  private NextStep() {}

  static boolean isDue(SearchState state) {
    if (!state.mayPropose() && !state.mayPromote() || state.isSharing()) {
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

  /** Whether another path is due: the weights and rewards that it depends on are known. */
  public static boolean isPathDue(SearchState state) {
    return state.isSharing() && state.sharing().canShare(state.settings().sharing().orElseThrow());
  }

  /** Whether another candidate is due. */
  public static boolean isCandidateDue(SearchState state) {
    SearchSettings settings = state.settings();
    return state.isSharing()
        && state.sharing().canDerive(settings.sharing().orElseThrow(), settings.lookahead());
  }
}
