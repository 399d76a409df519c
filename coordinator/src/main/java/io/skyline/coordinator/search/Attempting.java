package io.skyline.coordinator.search;

import io.skyline.scorecard.FailureKind;
import java.util.List;

/** Which failures another attempt could mend, and what a failed attempt leads to. */
final class Attempting {
  private Attempting() {}

  static List<SearchEvent> failed(
      SearchState state, TaskId task, int attempt, FailureKind kind, String reason, long atMillis) {
    if (!state.tasks().has(task)) {
      return List.of();
    }
    Tasks.Attempts attempts = state.tasks().attempts(task);
    boolean verdict = isVerdict(task.kind(), kind);
    if (!attempts.runs(attempt) && !verdict) {
      return List.of();
    }
    if (verdict || attempts.lost() + 1 >= state.settings().maxAttempts()) {
      return List.of(new SearchEvent.Failed(task, attempt, kind, reason, atMillis));
    }
    String why = kind + ": " + reason;
    return List.of(new SearchEvent.LeaseEnded(task, attempt, why, true, atMillis));
  }

  /**
   * Whether a failure is the candidate's own: a training repeats bit by bit and would fail again.
   * Measuring and testing a model that was scored before has no such excuse.
   */
  private static boolean isVerdict(TaskId.Kind task, FailureKind failure) {
    if (task == TaskId.Kind.MEASURE || task == TaskId.Kind.TEST) {
      return false;
    }
    return switch (failure) {
      case INFEASIBLE, DIVERGED, OUT_OF_MEMORY, TIMED_OUT -> true;
      case CRASHED, WORKER_LOST, BAD_ARTIFACT, INTERNAL -> false;
    };
  }
}
