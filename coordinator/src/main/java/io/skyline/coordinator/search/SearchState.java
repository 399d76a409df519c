package io.skyline.coordinator.search;

import io.skyline.scorecard.FailureKind;
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
  private final Origin origin;
  private final Course course;
  private final Proposals proposals;
  private final Trials trials;
  private final Tasks tasks;

  private SearchState(
      SearchSettings settings,
      Origin origin,
      Course course,
      Proposals proposals,
      Trials trials,
      Tasks tasks) {
    this.settings = settings;
    this.origin = origin;
    this.course = course;
    this.proposals = proposals;
    this.trials = trials;
    this.tasks = tasks;
  }

  /** A search in which nothing has happened. */
  public static SearchState initial(SearchSettings settings) {
    return new SearchState(
        settings,
        Origin.UNKNOWN,
        Course.of(settings.budget()),
        Proposals.NONE,
        Trials.none(settings.goals()),
        Tasks.NONE);
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

  SearchState with(Origin next) {
    return new SearchState(settings, next, course, proposals, trials, tasks);
  }

  SearchState with(Course next) {
    return new SearchState(settings, origin, next, proposals, trials, tasks);
  }

  SearchState with(Proposals next) {
    return new SearchState(settings, origin, course, next, trials, tasks);
  }

  SearchState with(Trials next) {
    return new SearchState(settings, origin, course, proposals, next, tasks);
  }

  SearchState with(Tasks next) {
    return new SearchState(settings, origin, course, proposals, trials, next);
  }

  Origin origin() {
    return origin;
  }

  Course course() {
    return course;
  }

  Proposals proposals() {
    return proposals;
  }

  Trials archive() {
    return trials;
  }

  Tasks tasks() {
    return tasks;
  }

  /** What the config says. */
  public SearchSettings settings() {
    return settings;
  }

  /** The search's inputs, once journalled. */
  public Optional<SearchEvent.Started> started() {
    return origin.started();
  }

  /** The numeric fingerprint that its workers must have, once the first one has bound it. */
  public Optional<String> numerics() {
    return origin.numerics();
  }

  /** Where it stands. */
  public Phase phase() {
    if (course.ended().isPresent()) {
      return Phase.ENDED;
    }
    if (course.cancelled()) {
      return Phase.CANCELLED;
    }
    if (mayPropose() || mayPromote()) {
      return Phase.SEARCHING;
    }
    if (tasks.isEmpty()) {
      return Phase.FINISHED;
    }
    return switch (tasks.first().kind()) {
      case TRAIN -> Phase.SEARCHING;
      case REFIT -> Phase.REFITTING;
      case MEASURE -> Phase.MEASURING;
      case TEST -> Phase.TESTING;
    };
  }

  /** The trials by number, from 1. */
  public List<Trial> trials() {
    return trials.all();
  }

  /** The trial of that number, if it was proposed. */
  public Optional<Trial> trial(int number) {
    return number >= 1 && number <= trials.all().size()
        ? Optional.of(trials.all().get(number - 1))
        : Optional.empty();
  }

  /** An event for each step, from step 1: a proposal, a rejection, a promotion. */
  public List<SearchEvent> steps() {
    return proposals.steps();
  }

  /** The steps with a known outcome, in the order in which it came to be known. */
  public List<Long> arrivals() {
    return proposals.arrivals();
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
    return tasks.leases();
  }

  /** Whether a task has its recorded end: a report on it is a duplicate. */
  public boolean isTerminal(TaskId task) {
    return isKnown(task) && !tasks.has(task);
  }

  /** Whether a task was ever to be done. */
  public boolean isKnown(TaskId task) {
    return tasks.has(task)
        || trial(task.trial()).map(trial -> trial.end(task).isPresent()).orElse(false);
  }

  /** How many attempts at an unfinished task were lost and count against the limit. */
  public int attemptsLost(TaskId task) {
    return tasks.attempts(task).lost();
  }

  /** The number of the next attempt at an unfinished task, from 1. */
  public int nextAttempt(TaskId task) {
    return tasks.attempts(task).begun() + 1;
  }

  /** The worker processes that have held a lease of an unfinished task. */
  public SortedSet<String> workersTried(TaskId task) {
    return tasks.attempts(task).workers();
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

  /** Whether the budget allows another proposal, now or later. */
  public boolean mayPropose() {
    return course.mayPropose(trials.all().size());
  }

  /**
   * Whether trials pause at rungs and may still be promoted, now or later: a step that {@link
   * SearchEvent.Retired retires} the rest is owed.
   */
  public boolean mayPromote() {
    return settings.halving().isPresent() && course.active() && !proposals.retired();
  }

  /** Whether the budget of time is spent. */
  public boolean timeExpired() {
    return course.timeExpired();
  }

  /** Whether a training waits or runs, or any other task does. */
  public boolean isBusy() {
    return !tasks.isEmpty();
  }

  /** Whether another step is due now: the outcomes that it depends on are known. */
  public boolean canStep() {
    return NextStep.isDue(this);
  }

  /** Rejections since the last proposal that was worth training. */
  public int rejectionsInRow() {
    return proposals.rejectionsInRow();
  }

  /** Why no more is proposed although the budget is not spent. */
  public Optional<String> closed() {
    return course.closed();
  }

  /** Why it is over, once it is; an empty text if all went well. */
  public Optional<String> ended() {
    return course.ended();
  }

  /** The budget of trials, extensions included. */
  public int budget() {
    return course.trials();
  }

  /** The frontier over the latest scorecards. */
  public Frontier frontier() {
    return trials.frontier();
  }

  /** The frontier's share of what there is to win, 0..1; see {@link Frontier#hypervolume}. */
  public double hypervolume() {
    return trials.frontier().hypervolume();
  }

  /** The candidates that broke the constraints by least, best first. */
  public List<NearMiss> nearestMisses(int count) {
    return NearMisses.of(this, count);
  }

  /** How many proposals and trials stand where. */
  public Counts counts() {
    int running = (int) tasks.leases().stream().map(Lease::task).distinct().count();
    return new Counts(
        trials.all().size(),
        trials.scored(),
        trials.failed(),
        trials.stopped(),
        trials.paused(),
        running,
        proposals.rejected());
  }
}
