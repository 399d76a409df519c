package io.skyline.coordinator.search;

import io.skyline.scorecard.FailureKind;

/** Which failures another attempt could mend. */
final class Attempting {
  private Attempting() {}

  /**
   * Whether a failure is the candidate's own: a training repeats bit by bit and would fail again.
   * Measuring and testing a model that was scored before has no such excuse.
   */
  static boolean isVerdict(TaskId.Kind task, FailureKind failure) {
    if (task == TaskId.Kind.MEASURE || task == TaskId.Kind.TEST) {
      return false;
    }
    return switch (failure) {
      case INFEASIBLE, DIVERGED, OUT_OF_MEMORY, TIMED_OUT -> true;
      case CRASHED, WORKER_LOST, BAD_ARTIFACT, INTERNAL -> false;
    };
  }
}
