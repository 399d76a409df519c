package io.skyline.coordinator.search;

import java.util.Comparator;
import java.util.List;

/** Which of the tasks that wait may begin, and in which order. */
final class OpenTasks {
  private OpenTasks() {}

  /** The tasks to be handed out now, in the order in which to do so. */
  static List<TaskId> of(SearchState search) {
    if (!search.course().active()) {
      return List.of();
    }
    List<TaskId> waiting = refitsByQuality(search);
    return search.course().timeExpired()
        ? waiting.stream().filter(task -> !isTraining(task)).toList()
        : waiting;
  }

  /** The trainings that time no longer allows to begin. */
  static List<TaskId> overdue(SearchState search) {
    return search.course().timeExpired() && search.course().active()
        ? search.tasks().waiting().stream().filter(OpenTasks::isTraining).toList()
        : List.of();
  }

  private static boolean isTraining(TaskId task) {
    return task.kind() == TaskId.Kind.TRAIN;
  }

  /** Refits of the most accurate go first, so that a run that is interrupted is worth the most. */
  private static List<TaskId> refitsByQuality(SearchState search) {
    List<TaskId> waiting = search.tasks().waiting();
    if (waiting.stream().noneMatch(task -> task.kind() == TaskId.Kind.REFIT)) {
      return waiting;
    }
    Comparator<Trial> order =
        Comparator.comparingDouble(Trial::quality).reversed().thenComparingLong(Trial::step);
    return waiting.stream()
        .sorted(
            Comparator.comparing(TaskId::kind)
                .thenComparing(task -> search.trial(task.trial()).orElseThrow(), order)
                .thenComparing(task -> task))
        .toList();
  }
}
