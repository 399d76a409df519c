package io.skyline.coordinator.search;

/** When a search takes its next step. */
public final class NextStep {
  private NextStep() {}

  /** Whether another step comes, now or later. */
  static boolean isOwed(SearchState state) {
    return state.mayPropose() || state.mayPromote() || mayIdle(state);
  }

  /**
   * Whether idle steps come, after which more of what was screened out is known: the budget may
   * then allow another proposal.
   */
  private static boolean mayIdle(SearchState state) {
    SearchSettings settings = state.settings();
    return settings.prefilter().isPresent()
        && settings.order() == SearchSettings.Order.DETERMINISTIC
        && state.course().mayPropose(0)
        && state.archive().trainings().hides(settings.lookahead());
  }

  static boolean isDue(SearchState state) {
    if (!isOwed(state) || state.isSharing()) {
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
