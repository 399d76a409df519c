package io.skyline.coordinator.search;

import io.skyline.scorecard.FailureKind;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * A search as the fold over its events; immutable, and cheap to fold for thousands of trials.
 *
 * <p>Nothing but events changes it, so whoever folds the same journal holds the same state. Tasks
 * follow from it: trainings from proposals, and once the budget is spent {@link FinalPasses} over
 * the frontier.
 */
public final class SearchState {
  private final SearchSettings settings;
  private final Parts parts;

  private SearchState(SearchSettings settings, Parts parts) {
    this.settings = settings;
    this.parts = parts;
  }

  /** A search in which nothing has happened. */
  public static SearchState initial(SearchSettings settings) {
    return new SearchState(settings, Parts.initial(settings));
  }

  /** The fold of a whole journal. */
  public static SearchState of(SearchSettings settings, Iterable<SearchEvent> events) {
    SearchState state = initial(settings);
    for (SearchEvent event : events) {
      state = state.apply(event);
    }
    return state;
  }

  /**
   * The state after an event. A second end of a task and the end of a lease that is over change
   * nothing: counting happens once.
   *
   * @throws IllegalArgumentException if the event cannot follow: a step, trial or task out of order
   */
  public SearchState apply(SearchEvent event) {
    return EventFold.apply(this, event);
  }

  SearchState with(Parts.Part next) {
    return new SearchState(settings, parts.with(next));
  }

  Origin origin() {
    return parts.origin();
  }

  Course course() {
    return parts.course();
  }

  Proposals proposals() {
    return parts.proposals();
  }

  Trials archive() {
    return parts.trials();
  }

  Tasks tasks() {
    return parts.tasks();
  }

  Precedents precedents() {
    return parts.precedents();
  }

  /** What was learned with shared weights; nothing in a search without them. */
  public Sharing sharing() {
    return parts.sharing();
  }

  /** Whether paths or candidates of shared weights are still to be drawn or to end. */
  public boolean isSharing() {
    return settings.sharing().isPresent()
        && !parts.sharing().isDerived()
        && parts.course().active()
        && parts.course().closed().isEmpty();
  }

  /** What the config says. */
  public SearchSettings settings() {
    return settings;
  }

  /** The search's inputs, once journalled. */
  public Optional<SearchEvent.Started> started() {
    return parts.origin().started();
  }

  /** The numeric fingerprint that its workers must have, once the first one has bound it. */
  public Optional<String> numerics() {
    return parts.origin().numerics();
  }

  /** Where it stands. */
  public Phase phase() {
    return Phase.of(this);
  }

  /** The trials by number, from 1. */
  public List<Trial> trials() {
    return parts.trials().all();
  }

  /** The trial of that number, if it was proposed. */
  public Optional<Trial> trial(int number) {
    return number >= 1 && number <= parts.trials().all().size()
        ? Optional.of(parts.trials().all().get(number - 1))
        : Optional.empty();
  }

  /** An event for each step, from step 1: a proposal, a rejection, a promotion. */
  public List<SearchEvent> steps() {
    return parts.proposals().steps();
  }

  /** The steps with a known outcome, in the order in which it came to be known. */
  public List<Long> arrivals() {
    return parts.proposals().arrivals();
  }

  /** What earlier runs found out, in the order in which the controller learns it before step 1. */
  public List<SearchEvent.Learned> learned() {
    return parts.precedents().learned();
  }

  /** What an earlier run got from this very task, if it is taken from there. */
  public Optional<SearchEvent.Recalled> recalled(TaskId task) {
    return parts.precedents().recalled(task);
  }

  /** The earlier runs' tasks that are taken from there. */
  public Collection<SearchEvent.Recalled> recalled() {
    return parts.precedents().recalled().values();
  }

  /** The tasks to be handed out now, in the order in which to do so. */
  public List<TaskId> openTasks() {
    return OpenTasks.of(this);
  }

  /** The trainings that time no longer allows to begin. */
  public List<TaskId> overdue() {
    return OpenTasks.overdue(this);
  }

  /** The leases that run, by task; after a cancellation those that have not ended yet. */
  public List<Lease> leases() {
    return parts.tasks().leases();
  }

  /** Whether a task has its recorded end: a report on it is a duplicate. */
  public boolean isTerminal(TaskId task) {
    return isKnown(task) && !parts.tasks().has(task);
  }

  /** Whether a task was ever to be done. */
  public boolean isKnown(TaskId task) {
    if (task.isShared()) {
      return parts.sharing().knows(task);
    }
    return parts.tasks().has(task)
        || trial(task.trial()).map(trial -> trial.end(task).isPresent()).orElse(false);
  }

  /** How many attempts at an unfinished task were lost and count against the limit. */
  public int attemptsLost(TaskId task) {
    return parts.tasks().attempts(task).lost();
  }

  /** The number of the next attempt at an unfinished task, from 1. */
  public int nextAttempt(TaskId task) {
    return parts.tasks().attempts(task).begun() + 1;
  }

  /** The worker processes that have held a lease of an unfinished task. */
  public SortedSet<String> workersTried(TaskId task) {
    return parts.tasks().attempts(task).workers();
  }

  /**
   * The events that record the failure of an attempt: the end of its lease if the task may be tried
   * again, else the end of the task; none for a duplicate or a lease that is over.
   *
   * @param attempt the lease's number
   * @param kind the candidate's own fault ends a training at once, any other is tried again
   * @param reason for a person
   */
  public List<SearchEvent> failed(
      TaskId task, int attempt, FailureKind kind, String reason, long atMillis) {
    return Attempting.failed(this, task, attempt, kind, reason, atMillis);
  }

  /**
   * Whether the budget allows another proposal, now or later. What a prefilter screened out uses up
   * none, as far as the next step may know of it.
   */
  public boolean mayPropose() {
    return parts.course().mayPropose(parts.trials().charged(settings));
  }

  /**
   * Whether trials pause at rungs and may still be promoted, now or later: a step that {@link
   * SearchEvent.Retired retires} the rest is owed.
   */
  public boolean mayPromote() {
    return settings.halving().isPresent()
        && parts.course().active()
        && !parts.proposals().retired();
  }

  /** Whether the budget of time is spent. */
  public boolean timeExpired() {
    return parts.course().timeExpired();
  }

  /** Whether a training waits or runs, or any other task does. */
  public boolean isBusy() {
    return !parts.tasks().isEmpty();
  }

  /** Whether another step is due now: the outcomes that it depends on are known. */
  public boolean canStep() {
    return NextStep.isDue(this);
  }

  /** Rejections since the last proposal that was worth training. */
  public int rejectionsInRow() {
    return parts.proposals().rejectionsInRow();
  }

  /** Why no more is proposed although the budget is not spent. */
  public Optional<String> closed() {
    return parts.course().closed();
  }

  /** Why it is over, once it is; an empty text if all went well. */
  public Optional<String> ended() {
    return parts.course().ended();
  }

  /** The budget of trials, extensions included. */
  public int budget() {
    return parts.course().trials();
  }

  /** The frontier over the latest scorecards. */
  public Frontier frontier() {
    return parts.trials().frontier();
  }

  /** The frontier's share of what there is to win, 0..1; see {@link Frontier#hypervolume}. */
  public double hypervolume() {
    return parts.trials().frontier().hypervolume();
  }

  /** The candidates that broke the constraints by least, best first. */
  public List<NearMiss> nearestMisses(int count) {
    return NearMisses.of(this, count);
  }

  /** How many proposals and trials stand where. */
  public Counts counts() {
    int running = (int) parts.tasks().leases().stream().map(Lease::task).distinct().count();
    return new Counts(
        parts.trials().all().size(),
        parts.trials().scored(),
        parts.trials().failed(),
        parts.trials().stopped(),
        parts.trials().paused(),
        parts.trials().screened(),
        running,
        parts.proposals().rejected(),
        parts.precedents().trials(parts.trials().all()));
  }
}
