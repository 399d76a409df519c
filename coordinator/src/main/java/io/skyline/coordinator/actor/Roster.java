package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.TaskId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who is there, what is open, and who holds which lease; tells each of what changes for it. */
final class Roster {
  private final LongSupplier nanos;
  private final Map<String, WorkerEntry> workers = new LinkedHashMap<>();
  private final Map<String, SearchEntry> searches = new LinkedHashMap<>();
  private final LeaseTable leases;

  Roster(DispatchSettings settings, LongSupplier nanos) {
    this.nanos = nanos;
    this.leases = new LeaseTable(settings.lease().toNanos());
  }

  long now() {
    return nanos.getAsLong();
  }

  Collection<WorkerEntry> workers() {
    return workers.values();
  }

  @Nullable WorkerEntry worker(String id) {
    return workers.get(id);
  }

  Collection<SearchEntry> searches() {
    return searches.values();
  }

  @Nullable SearchEntry search(String name) {
    return searches.get(name);
  }

  /** Opens a search, or opens it again; leases of before are void. */
  void open(SearchEntry search) {
    leases.ofSearch(search.name).forEach(this::forget);
    searches.put(search.name, search);
  }

  void close(String search, String reason) {
    searches.remove(search);
    leases.ofSearch(search).forEach(lease -> cancel(lease, reason));
  }

  /** Lets the other searches go first the next time. */
  void toTheEnd(SearchEntry search) {
    searches.remove(search.name);
    searches.put(search.name, search);
  }

  /** Takes in a worker, or takes it in again with the leases that it holds. */
  void add(WorkerEntry worker) {
    leases.of(worker.id()).forEach(worker.leases::add);
    workers.put(worker.id(), worker);
  }

  /** A worker is gone: its tasks can be leased again. */
  void remove(WorkerEntry worker, String reason) {
    workers.remove(worker.id());
    leases.of(worker.id()).forEach(lease -> lose(lease, reason));
  }

  void begin(LeaseId lease, String worker) {
    leases.start(lease, worker, now());
    WorkerEntry holder = workers.get(worker);
    if (holder != null) {
      holder.leases.add(lease);
    }
  }

  /** Whether that worker holds the lease, which then runs afresh. */
  boolean renew(LeaseId lease, WorkerEntry worker) {
    return leases.renew(lease, worker.id(), now());
  }

  boolean holds(WorkerEntry worker, LeaseId lease) {
    return worker.id().equals(leases.holder(lease));
  }

  List<LeaseId> expired() {
    return leases.expired(now());
  }

  /** The end of a task by one attempt: that lease is done, any other is cancelled. */
  void over(String search, TaskId task, int attempt) {
    for (LeaseId lease : leases.of(search, task)) {
      if (lease.attempt() == attempt) {
        forget(lease);
      } else {
        cancel(lease, "another attempt was first");
      }
    }
  }

  void forget(LeaseId lease) {
    WorkerEntry holder = holder(lease);
    if (holder != null) {
      holder.leases.remove(lease);
    }
    leases.end(lease);
  }

  private @Nullable WorkerEntry holder(LeaseId lease) {
    String holder = leases.holder(lease);
    return holder == null ? null : workers.get(holder);
  }

  /** Ends a lease and tells its holder to stop. */
  void cancel(LeaseId lease, String reason) {
    WorkerEntry holder = holder(lease);
    if (holder != null) {
      holder.tell(new CoordinatorSignal.CancelTask(lease, reason));
    }
    forget(lease);
  }

  /** Ends a lease through no fault of the candidate and lets its search lease the task again. */
  void lose(LeaseId lease, String reason) {
    forget(lease);
    SearchEntry search = searches.get(lease.search());
    if (search != null) {
      search.actor.tell(new SearchCommand.LeaseLost(lease.task(), lease.attempt(), reason));
    }
  }
}
