package io.skyline.coordinator.search;

/** Where a search stands. */
public enum Phase {
  /** Training paths on shared weights. */
  SHARING,
  /** Scoring candidates with the shared weights. */
  DERIVING,
  /** Proposing and training. */
  SEARCHING,
  /** Training members of the frontier for the final number of epochs. */
  REFITTING,
  /** Measuring members of the frontier afresh. */
  MEASURING,
  /** Taking the members' accuracy on test data, once. */
  TESTING,
  /** Nothing is left to do; {@link SearchEvent.Ended} comes next. */
  FINISHED,
  /** The user stopped it; it can be resumed. */
  CANCELLED,
  /** Over; more trials reopen it. */
  ENDED;

  static Phase of(SearchState state) {
    if (state.course().ended().isPresent()) {
      return ENDED;
    }
    if (state.course().cancelled()) {
      return CANCELLED;
    }
    if (state.isSharing()) {
      int steps = state.settings().sharing().orElseThrow().steps();
      return state.sharing().merged() < steps ? SHARING : DERIVING;
    }
    if (NextStep.isOwed(state)) {
      return SEARCHING;
    }
    if (state.tasks().isEmpty()) {
      return FINISHED;
    }
    return switch (state.tasks().first().kind()) {
      case SHARE -> SHARING;
      case EVALUATE -> DERIVING;
      case TRAIN -> SEARCHING;
      case REFIT -> REFITTING;
      case MEASURE -> MEASURING;
      case TEST -> TESTING;
    };
  }
}
