package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import io.skyline.coordinator.search.TaskId;
import java.util.Set;

/** What a {@link SearchActor} understands. */
public sealed interface SearchCommand {
  /** Recovery is over: start, or go on. */
  record Begin() implements SearchCommand {}

  /** Events may be due that follow from the state alone: proposals, or the end. */
  record Advance() implements SearchCommand {}

  /**
   * A worker has free slots.
   *
   * @param request echoed in the answer
   * @param others eligible workers that are there besides this one
   */
  record Lease(long request, String worker, String fingerprint, int slots, Set<String> others)
      implements SearchCommand {
    public Lease {
      others = Set.copyOf(others);
    }
  }

  /** A worker reported; it is told of the acknowledgement when the outcome is journalled. */
  record Report(LeaseId lease, TaskResult result, ActorRef<SessionCommand> worker)
      implements SearchCommand {}

  /** A lease ended without a report and through no fault of the candidate. */
  record LeaseLost(TaskId task, int attempt, String reason) implements SearchCommand {}

  /**
   * Who is there to work, for people.
   *
   * @param connected workers with a session
   * @param eligible those of them that could take this search's tasks
   */
  record Situation(int connected, int eligible) implements SearchCommand {}

  /** A version of the shared weights is stored. */
  record Merged(long step, String index) implements SearchCommand {}

  /** A version of the shared weights could not be stored; the reason is for a person. */
  record MergeFailed(long step, String reason) implements SearchCommand {}

  /** Try again to merge what has come. */
  record MergeAgain() implements SearchCommand {}

  /** The budget of time is spent. */
  record TimeOver() implements SearchCommand {}

  /** The user ends the search; it can be resumed. */
  record Cancel() implements SearchCommand {}

  /** The process ends: leave the journal as it is. */
  record Stop() implements SearchCommand {}
}
