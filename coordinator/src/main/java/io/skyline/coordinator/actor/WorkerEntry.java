package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the dispatcher knows of one worker process. */
final class WorkerEntry {
  final WorkerIdentity identity;

  /** Absent while its stream is broken; it may come back. */
  @Nullable ActorRef<SessionCommand> session;

  long heardNanos;
  int demand;
  boolean draining;

  /** Leases it holds. */
  final Set<LeaseId> leases = new HashSet<>();

  /** Searches that had nothing for it when last asked. */
  final Set<String> declined = new HashSet<>();

  WorkerEntry(WorkerIdentity identity, ActorRef<SessionCommand> session, long nowNanos) {
    this.identity = identity;
    this.session = session;
    this.heardNanos = nowNanos;
  }

  String id() {
    return identity.id();
  }

  boolean present() {
    return session != null && !draining;
  }

  /** Slots that can take a task now: those demanded, and never more leases than slots. */
  int free() {
    return present() ? Math.min(demand, identity.slots() - leases.size()) : 0;
  }

  void tell(CoordinatorSignal signal) {
    if (session != null) {
      session.tell(new SessionCommand.Deliver(signal));
    }
  }

  DispatcherCommand.WorkerInfo info() {
    return new DispatcherCommand.WorkerInfo(id(), identity.host(), identity.slots(), leases.size());
  }
}
