package io.skyline.coordinator.search;

import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import java.util.List;
import java.util.Optional;

/**
 * What a search still owes its frontier before it is published, one pass at a time.
 *
 * <p>A pass covers the members at one moment and ends as a whole before the frontier is looked at
 * again, so it does not depend on how many workers there are or who is first. Refits and
 * measurements may push members out and let others in, which then get theirs; each task is done
 * once for a trial, so this comes to an end.
 */
final class FinalPasses {
  /** A measurement without confidence is taken again, so often in all. */
  private static final int MEASUREMENTS = 3;

  private FinalPasses() {}

  /** The tasks of the next pass; empty when nothing is owed. */
  static List<TaskId> next(SearchSettings settings, Frontier frontier) {
    List<Trial> members = frontier.members();
    if (settings.finalEpochs().isPresent()) {
      List<TaskId> refits = lacking(members, TaskId.Kind.REFIT);
      if (!refits.isEmpty()) {
        return refits;
      }
    }
    if (settings.measuresAfresh()) {
      List<TaskId> measurements =
          members.stream()
              .filter(trial -> wantsMeasuring(trial, settings.goals()))
              .map(trial -> next(trial, TaskId.Kind.MEASURE))
              .toList();
      if (!measurements.isEmpty()) {
        return measurements;
      }
    }
    return lacking(members, TaskId.Kind.TEST);
  }

  private static List<TaskId> lacking(List<Trial> members, TaskId.Kind kind) {
    return members.stream()
        .filter(trial -> !trial.has(kind))
        .map(trial -> next(trial, kind))
        .toList();
  }

  private static TaskId next(Trial trial, TaskId.Kind kind) {
    return new TaskId(kind, trial.number(), trial.rounds(kind) + 1);
  }

  private static boolean wantsMeasuring(Trial trial, Goals goals) {
    int rounds = trial.rounds(TaskId.Kind.MEASURE);
    if (rounds == 0) {
      return true;
    }
    Optional<TaskEnd> last = trial.end(new TaskId(TaskId.Kind.MEASURE, trial.number(), rounds));
    boolean succeeded = last.isPresent() && last.get().failure().isEmpty();
    boolean doubtful =
        isDoubtful(trial, Metric.LATENCY)
            || goals.mention(Metric.THROUGHPUT) && isDoubtful(trial, Metric.THROUGHPUT);
    return succeeded && doubtful && rounds < MEASUREMENTS;
  }

  private static boolean isDoubtful(Trial trial, Metric metric) {
    Measurement measured = trial.scorecard().measurements().get(metric);
    return measured != null && !measured.confident();
  }
}
