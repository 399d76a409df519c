package io.skyline.coordinator.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that have no recorded end, in order, with their attempts; immutable. They are few: a
 * window of trainings, or one pass over the frontier.
 */
final class Tasks implements Parts.Part {
  static final Tasks NONE = new Tasks(Collections.emptySortedMap());

  private final SortedMap<TaskId, Attempts> unfinished;

  private Tasks(SortedMap<TaskId, Attempts> unfinished) {
    this.unfinished = unfinished;
  }

  /**
   * The attempts at one task.
   *
   * @param begun leases given so far
   * @param lost those that ended without a report and count
   * @param live leases that run
   * @param workers every worker process that held one
   */
  record Attempts(int begun, int lost, List<Lease> live, SortedSet<String> workers) {
    static final Attempts NONE = new Attempts(0, 0, List.of(), Collections.emptySortedSet());

    Attempts leased(Lease lease) {
      List<Lease> leases = new ArrayList<>(live);
      leases.add(lease);
      SortedSet<String> tried = new TreeSet<>(workers);
      tried.add(lease.worker());
      return new Attempts(Math.max(begun, lease.attempt()), lost, List.copyOf(leases), tried);
    }

    boolean runs(int attempt) {
      return live.stream().anyMatch(lease -> lease.attempt() == attempt);
    }

    Attempts ended(int attempt, boolean counts) {
      if (!runs(attempt)) {
        return this;
      }
      List<Lease> rest = live.stream().filter(lease -> lease.attempt() != attempt).toList();
      return new Attempts(begun, counts ? lost + 1 : lost, rest, workers);
    }
  }

  boolean isEmpty() {
    return unfinished.isEmpty();
  }

  boolean has(TaskId task) {
    return unfinished.containsKey(task);
  }

  TaskId first() {
    return unfinished.firstKey();
  }

  Attempts attempts(TaskId task) {
    return unfinished.getOrDefault(task, Attempts.NONE);
  }

  /** The tasks that nobody works on. */
  List<TaskId> waiting() {
    List<TaskId> waiting = new ArrayList<>();
    unfinished.forEach(
        (task, attempts) -> {
          if (attempts.live().isEmpty()) {
            waiting.add(task);
          }
        });
    return waiting;
  }

  List<Lease> leases() {
    return unfinished.values().stream().flatMap(attempts -> attempts.live().stream()).toList();
  }

  Tasks plus(Collection<TaskId> tasks) {
    TreeMap<TaskId, Attempts> copy = new TreeMap<>(unfinished);
    tasks.forEach(task -> copy.put(task, Attempts.NONE));
    return new Tasks(copy);
  }

  Tasks leased(Lease lease) {
    return with(lease.task(), attempts(lease.task()).leased(lease));
  }

  Tasks leaseEnded(TaskId task, int attempt, boolean counts) {
    return with(task, attempts(task).ended(attempt, counts));
  }

  Tasks without(TaskId task) {
    return with(task, null);
  }

  private Tasks with(TaskId task, @Nullable Attempts attempts) {
    TreeMap<TaskId, Attempts> copy = new TreeMap<>(unfinished);
    if (attempts == null) {
      copy.remove(task);
    } else {
      copy.put(task, attempts);
    }
    return new Tasks(copy);
  }
}
