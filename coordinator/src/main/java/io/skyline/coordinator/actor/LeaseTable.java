package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The leases that run, with their holders and deadlines on the monotonic clock. */
final class LeaseTable {
  private final long durationNanos;
  private final Map<LeaseId, Holding> holdings = new HashMap<>();

  private record Holding(String worker, long deadlineNanos) {}

  LeaseTable(long durationNanos) {
    this.durationNanos = durationNanos;
  }

  void start(LeaseId lease, String worker, long nowNanos) {
    holdings.put(lease, new Holding(worker, nowNanos + durationNanos));
  }

  /** Whether that worker holds the lease, which then runs afresh. */
  boolean renew(LeaseId lease, String worker, long nowNanos) {
    if (!worker.equals(holder(lease))) {
      return false;
    }
    start(lease, worker, nowNanos);
    return true;
  }

  @Nullable String holder(LeaseId lease) {
    Holding holding = holdings.get(lease);
    return holding == null ? null : holding.worker();
  }

  void end(LeaseId lease) {
    holdings.remove(lease);
  }

  /** Leases past their deadline; differences of nanoseconds may overflow, comparisons may not. */
  List<LeaseId> expired(long nowNanos) {
    return where(lease -> nowNanos - deadline(lease) > 0);
  }

  private long deadline(LeaseId lease) {
    Holding holding = holdings.get(lease);
    return holding == null ? Long.MAX_VALUE : holding.deadlineNanos();
  }

  List<LeaseId> of(String search, TaskId task) {
    return where(lease -> lease.search().equals(search) && lease.task().equals(task));
  }

  List<LeaseId> of(String worker) {
    return where(lease -> worker.equals(holder(lease)));
  }

  List<LeaseId> ofSearch(String search) {
    return where(lease -> lease.search().equals(search));
  }

  private List<LeaseId> where(Predicate<LeaseId> condition) {
    List<LeaseId> found = new ArrayList<>();
    for (LeaseId lease : holdings.keySet()) {
      if (condition.test(lease)) {
        found.add(lease);
      }
    }
    return found;
  }
}
