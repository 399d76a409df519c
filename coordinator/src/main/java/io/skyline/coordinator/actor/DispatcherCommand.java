package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import io.skyline.coordinator.search.Lease;
import io.skyline.coordinator.search.TaskId;
import java.util.List;
import java.util.Optional;

/** What a {@link Dispatcher} understands. */
public sealed interface DispatcherCommand {
  /**
   * A search is recovered and wants workers.
   *
   * @param needs what its workers must bring
   * @param running leases in its journal that have not ended; they start afresh
   */
  record SearchOpened(
      String search, ActorRef<SearchCommand> actor, WorkerNeeds needs, List<Lease> running)
      implements DispatcherCommand {
    public SearchOpened {
      running = List.copyOf(running);
    }
  }

  /** The search's workers must have this numeric fingerprint from now on. */
  record SearchBound(String search, String fingerprint) implements DispatcherCommand {}

  /** Whether the search has tasks that wait for a worker. */
  record WorkAvailable(String search, boolean waiting) implements DispatcherCommand {}

  /** The search takes no more part; its leases are void. */
  record SearchClosed(String search, String reason) implements DispatcherCommand {}

  /** The answer to {@link SearchCommand.Lease}: what was journalled for the worker, may be none. */
  record Granted(long request, String search, String worker, List<Assignment> assignments)
      implements DispatcherCommand {
    public Granted {
      assignments = List.copyOf(assignments);
    }
  }

  /** A task has its recorded end, by this attempt: whoever else runs it may stop. */
  record TaskOver(String search, TaskId task, int attempt) implements DispatcherCommand {}

  /** One attempt is over, the task is not. */
  record LeaseOver(LeaseId lease) implements DispatcherCommand {}

  /** A worker spoke on its session; the session waits for {@link SessionCommand.Next}. */
  record FromWorker(String worker, WorkerSignal signal, ActorRef<SessionCommand> session)
      implements DispatcherCommand {}

  /** A session ended. */
  record SessionOver(String worker, boolean orderly, ActorRef<SessionCommand> session)
      implements DispatcherCommand {}

  /** Asks who is there. */
  record ListWorkers(ActorRef<List<WorkerInfo>> replyTo) implements DispatcherCommand {}

  /** Tells every worker to finish and leave. */
  record DrainAll(String reason) implements DispatcherCommand {}

  /** Time to look for silent workers and leases that ran out. */
  record Tick() implements DispatcherCommand {}

  /**
   * What a worker must bring to take tasks of a search.
   *
   * @param engine it trains with
   * @param deterministic whether all workers must have one numeric fingerprint
   * @param fingerprint which one, once the first worker has bound the search to its own
   */
  record WorkerNeeds(String engine, boolean deterministic, Optional<String> fingerprint) {
    boolean takes(WorkerIdentity worker) {
      return refusal(worker).isEmpty();
    }

    /** Why a worker cannot take part, empty if it can. */
    Optional<String> refusal(WorkerIdentity worker) {
      if (!worker.engines().contains(engine)) {
        return Optional.of(
            "it trains with engine '%s' and this worker has %s"
                .formatted(engine, worker.engines()));
      }
      if (deterministic
          && fingerprint.isPresent()
          && !fingerprint.get().equals(worker.fingerprint())) {
        return Optional.of(
            ("it is deterministic and bound to workers with numeric fingerprint %s; this one has %s,"
                    + " so its results would differ: use the same kind of processor and natives,"
                    + " or 'order: arrival'")
                .formatted(fingerprint.get(), worker.fingerprint()));
      }
      return Optional.empty();
    }
  }

  /** A connected worker, for people. */
  record WorkerInfo(String id, String host, int slots, int busy) {}
}
