package io.skyline.coordinator.search;

import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import java.util.Optional;

/**
 * What happened in a search, as journalled; {@link SearchState} is the fold over these.
 *
 * <p>Times are epoch milliseconds, for people. One decision reads them: how much of a budget of
 * time a resumed search has left.
 */
public sealed interface SearchEvent {
  /** The exact inputs of the search, so that it can be resumed by another process. */
  record Started(
      String name,
      String configYaml,
      String spaceYaml,
      DataCard data,
      long seed,
      String build,
      long atMillis)
      implements SearchEvent {}

  /**
   * From now on only workers with this numeric fingerprint may take tasks: their results are
   * bit-identical. Journalled once, before the first lease, where the order is deterministic.
   */
  record NumericsBound(String fingerprint, long atMillis) implements SearchEvent {}

  /**
   * What an earlier run found out, told to the controller before step 1; journalled right after
   * {@link Started}, so that a resumed search does not need the earlier run.
   *
   * @param source the earlier run's trial: {@code fashion-1/7}
   * @param scorecard the numbers of its training; empty if it failed
   * @param failure why it failed, if it did
   * @param again whether this search begins by training it again
   */
  record Learned(
      String source, String genome, Scorecard scorecard, Optional<Failure> failure, boolean again)
      implements SearchEvent {}

  /**
   * A proposal that will be trained; trial counts those from 1.
   *
   * @param epochs at which its first training pauses; 0 if it goes to the end
   * @param parent the scored trial that it was changed from, whose outcome the controller knew; 0
   *     if there is none
   */
  record Proposed(long step, int trial, String genome, int epochs, int parent, long atMillis)
      implements SearchEvent {
    /** One without a parent that is trained to the end. */
    public Proposed(long step, int trial, String genome, long atMillis) {
      this(step, trial, genome, 0, 0, atMillis);
    }
  }

  /**
   * A paused trial is trained further.
   *
   * @param task its next training
   * @param epochs at which that pauses; 0 if it goes to the end
   */
  record Promoted(long step, TaskId task, int epochs, long atMillis) implements SearchEvent {}

  /**
   * A step without anything to do: the budget of trials is given out, and of the outcomes that the
   * step may know none asks for a promotion or was screened out.
   */
  record Idled(long step, long atMillis) implements SearchEvent {}

  /** Nothing more is promoted: what is paused ends stopped, its terminal event. */
  record Retired(long step, long atMillis) implements SearchEvent {}

  /**
   * An earlier run did the very same task, so this one trains nothing. The task's end follows: at
   * once, or when its latency and throughput have been measured afresh.
   *
   * @param source the earlier run's trial: {@code fashion-1/7}
   * @param scorecard its numbers, but none that are of a machine
   * @param artifacts its files, stored here too
   */
  record Recalled(
      TaskId task, String source, Scorecard scorecard, List<Artifact> artifacts, long atMillis)
      implements SearchEvent {
    public Recalled {
      artifacts = List.copyOf(artifacts);
    }
  }

  /** A proposal that gate 1 answered. */
  record Rejected(long step, String genome, Scorecard exact, String reason)
      implements SearchEvent {}

  /** One attempt at a task begins. */
  record Leased(TaskId task, int attempt, String worker, long atMillis) implements SearchEvent {}

  /**
   * An attempt ended without a report.
   *
   * @param counts whether it counts against the limit of attempts; a drained worker costs none
   */
  record LeaseEnded(TaskId task, int attempt, String reason, boolean counts, long atMillis)
      implements SearchEvent {}

  /**
   * A task ended with numbers: the one terminal event of a successful task.
   *
   * @param fetchedBytes of shared weights, that its worker did not have
   */
  record Scored(
      TaskId task,
      int attempt,
      Scorecard scorecard,
      List<Artifact> artifacts,
      long fetchedBytes,
      long atMillis)
      implements SearchEvent {
    public Scored {
      artifacts = List.copyOf(artifacts);
    }

    /** The end of a task that fetched no shared weights. */
    public Scored(
        TaskId task, int attempt, Scorecard scorecard, List<Artifact> artifacts, long atMillis) {
      this(task, attempt, scorecard, artifacts, 0, atMillis);
    }
  }

  /**
   * A training paused with numbers: the task's terminal event, and not the trial's.
   *
   * @param epochs trained
   * @param checkpoint from which any worker goes on
   */
  record RungReached(
      TaskId task, int attempt, int epochs, Scorecard scorecard, Artifact checkpoint, long atMillis)
      implements SearchEvent {}

  /**
   * A training was not begun, for the scores of the untrained network did not pass the screen: the
   * task's terminal event, and the trial's.
   */
  record Screened(TaskId task, int attempt, Scorecard scores, long atMillis)
      implements SearchEvent {}

  /** A task ended without: its one terminal event. */
  record Failed(TaskId task, int attempt, FailureKind kind, String reason, long atMillis)
      implements SearchEvent {}

  /** A training that had not begun was given up: its terminal event. */
  record Stopped(TaskId task, String reason, long atMillis) implements SearchEvent {}

  /** The budget of time is spent: what runs may end, nothing new begins. */
  record TimeExpired(long atMillis) implements SearchEvent {}

  /**
   * The rest of the budget stays unspent: the space is exhausted, or too many proposals in a row
   * were rejected. What is proposed is still trained.
   */
  record NoMoreProposals(String reason, long atMillis) implements SearchEvent {}

  /** The budget grew: {@code resume --trials +50}. */
  record Extended(int trials, long atMillis) implements SearchEvent {}

  /**
   * A step with shared weights: its path, and the task to train it.
   *
   * @param choices of its genome
   */
  record PathDrawn(long step, List<Integer> choices, long atMillis) implements SearchEvent {
    public PathDrawn {
      choices = List.copyOf(choices);
    }
  }

  /**
   * The update of a step was merged into the shared weights, in step order.
   *
   * @param index digest of the artifact that names the tensors of this version
   */
  record WeightsMerged(long step, String index, long atMillis) implements SearchEvent {}

  /** A candidate to be scored with the shared weights; numbered from 1. */
  record CandidateDrawn(int number, String genome, long atMillis) implements SearchEvent {}

  /** All candidates are scored; the best become trials. */
  record CandidatesDerived(long atMillis) implements SearchEvent {}

  /** The user ended the search before its budget; it can be resumed. */
  record Cancelled(long atMillis) implements SearchEvent {}

  /** The search goes on after it was cancelled. */
  record Resumed(long atMillis) implements SearchEvent {}

  /** Nothing more will happen; the reason is for a person, empty if all went well. */
  record Ended(String reason, long atMillis) implements SearchEvent {}
}
