package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Lease;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.sharing.SharedWeights;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Which events a command calls for in a state; it changes nothing itself. */
final class SearchDecisions {
  /**
   * Leases of one task that may end by no fault of its own before they count: a task that drives
   * workers away without a trace must come to an end too.
   */
  static final int FREE_LOSSES = 8;

  private final SearchPlan plan;
  private final TaskMessages messages;
  private final Recollection recollection;
  private final LongSupplier wallMillis;

  /**
   * @param build of this coordinator and its workers
   */
  SearchDecisions(
      SearchPlan plan, Optional<SharedWeights> weights, String build, LongSupplier wallMillis) {
    this.plan = plan;
    this.messages = new TaskMessages(plan, weights);
    this.recollection = new Recollection(plan, messages, build);
    this.wallMillis = wallMillis;
  }

  /**
   * Leases, journalled in one batch, and the assignments to send once they are.
   *
   * @param events may also record the failure of tasks that cannot be described
   */
  record Grant(List<SearchEvent> events, List<Assignment> assignments) {
    static final Grant NONE = new Grant(List.of(), List.of());
  }

  private long now() {
    return wallMillis.getAsLong();
  }

  List<SearchEvent> begun(SearchState state, Resumption resumption, String build) {
    if (state.started().isEmpty()) {
      List<SearchEvent> events = new ArrayList<>();
      events.add(plan.started(build, now()));
      events.addAll(plan.earlier().learned());
      return events;
    }
    if (state.phase() == Phase.ENDED && resumption.moreTrials() == 0) {
      return List.of();
    }
    List<SearchEvent> events = new ArrayList<>();
    events.add(new SearchEvent.Resumed(now()));
    if (resumption.moreTrials() > 0) {
      events.add(new SearchEvent.Extended(resumption.moreTrials(), now()));
    }
    if (resumption.workersGone()) {
      events.addAll(release(state, "its worker ended with the coordinator"));
    }
    return events;
  }

  private List<SearchEvent> release(SearchState state, String reason) {
    List<SearchEvent> events = new ArrayList<>();
    for (Lease lease : state.leases()) {
      events.add(new SearchEvent.LeaseEnded(lease.task(), lease.attempt(), reason, false, now()));
    }
    return events;
  }

  List<SearchEvent> cancelled(SearchState state) {
    if (state.phase() == Phase.ENDED || state.phase() == Phase.CANCELLED) {
      return List.of();
    }
    List<SearchEvent> events = new ArrayList<>(release(state, "the search was cancelled"));
    events.add(new SearchEvent.Cancelled(now()));
    return events;
  }

  List<SearchEvent> timeOver(SearchState state) {
    return state.phase() == Phase.SEARCHING
        ? List.of(new SearchEvent.TimeExpired(now()))
        : List.of();
  }

  Grant grant(SearchState state, SearchCommand.Lease request) {
    Optional<String> bound = state.numerics();
    if (plan.deterministic() && bound.isPresent() && !bound.get().equals(request.fingerprint())) {
      return Grant.NONE;
    }
    List<SearchEvent> events = new ArrayList<>();
    List<Assignment> assignments = new ArrayList<>();
    if (plan.deterministic() && bound.isEmpty()) {
      events.add(new SearchEvent.NumericsBound(request.fingerprint(), now()));
    }
    SearchState known = state;
    for (SearchEvent event : recollection.of(state, request.fingerprint(), now())) {
      events.add(event);
      known = known.apply(event);
    }
    for (TaskId task : known.openTasks()) {
      if (assignments.size() == request.slots()) {
        break;
      }
      if (betterElsewhere(state, task, request)) {
        continue;
      }
      int attempt = state.nextAttempt(task);
      events.add(new SearchEvent.Leased(task, attempt, request.worker(), now()));
      try {
        assignments.add(
            new Assignment(new LeaseId(plan.name(), task, attempt), messages.message(task, known)));
      } catch (IllegalStateException e) {
        events.add(
            new SearchEvent.Failed(task, attempt, FailureKind.INTERNAL, e.toString(), now()));
      }
    }
    return events.stream().allMatch(SearchEvent.NumericsBound.class::isInstance)
        ? Grant.NONE
        : new Grant(events, assignments);
  }

  /** After a loss that may be the candidate's doing, a worker that has not seen it goes first. */
  private static boolean betterElsewhere(
      SearchState state, TaskId task, SearchCommand.Lease request) {
    if (state.attemptsLost(task) == 0) {
      return false;
    }
    Set<String> tried = state.workersTried(task);
    return tried.contains(request.worker()) && !tried.containsAll(request.others());
  }

  List<SearchEvent> reported(SearchState state, LeaseId lease, TaskResult result) {
    TaskId task = lease.task();
    if (state.isTerminal(task)) {
      return List.of();
    }
    if (result instanceof TaskResult.Scored report) {
      if (task.kind() == TaskId.Kind.SHARE && report.artifacts().size() != 1) {
        String reason = "the worker's step has no update";
        return state.failed(task, lease.attempt(), FailureKind.INTERNAL, reason, now());
      }
      return scored(state, lease, Recollection.completed(state.recalled(task), report));
    }
    if (result instanceof TaskResult.Screened out) {
      return screened(state, lease, out.scores());
    }
    TaskResult.Failed failed = (TaskResult.Failed) result;
    return state.failed(task, lease.attempt(), failed.kind(), failed.reason(), now());
  }

  private List<SearchEvent> scored(SearchState state, LeaseId lease, TaskResult.Scored result) {
    TaskId task = lease.task();
    Optional<Metric> missing = missing(task, result.scorecard());
    if (missing.isPresent()) {
      return lacking(state, lease, "scorecard lacks " + missing.get().word());
    }
    int pause =
        task.kind() == TaskId.Kind.TRAIN
            ? state.trial(task.trial()).orElseThrow().ladder().target()
            : 0;
    if (pause == 0) {
      return List.of(
          new SearchEvent.Scored(
              task,
              lease.attempt(),
              result.scorecard(),
              result.artifacts(),
              result.fetchedBytes(),
              now()));
    }
    return result.artifacts().stream()
        .filter(artifact -> artifact.name().equals(TaskMessages.CHECKPOINT))
        .findFirst()
        .<List<SearchEvent>>map(
            checkpoint ->
                List.of(
                    new SearchEvent.RungReached(
                        task, lease.attempt(), pause, result.scorecard(), checkpoint, now())))
        .orElseGet(() -> lacking(state, lease, "artifacts lack a checkpoint"));
  }

  private List<SearchEvent> screened(SearchState state, LeaseId lease, Scorecard scores) {
    boolean asked = plan.settings().prefilter().filter(wanted -> wanted.isIn(scores)).isPresent();
    return asked && lease.task().kind() == TaskId.Kind.TRAIN
        ? List.of(new SearchEvent.Screened(lease.task(), lease.attempt(), scores, now()))
        : lacking(state, lease, "scores are not those that were asked for");
  }

  private List<SearchEvent> lacking(SearchState state, LeaseId lease, String what) {
    return state.failed(
        lease.task(), lease.attempt(), FailureKind.INTERNAL, "the worker's " + what, now());
  }

  /** A metric without which a trained candidate cannot be judged. */
  private Optional<Metric> missing(TaskId task, Scorecard scorecard) {
    if (task.isShared()) {
      return plan.settings().goals().objectives().stream()
          .map(Objective::metric)
          .filter(metric -> metric.task().isPresent() && scorecard.value(metric).isEmpty())
          .findFirst();
    }
    if (task.kind() != TaskId.Kind.TRAIN && task.kind() != TaskId.Kind.REFIT) {
      return Optional.empty();
    }
    Stream<Metric> scores =
        task.kind() == TaskId.Kind.TRAIN
            ? plan.settings().prefilter().map(Prefilter::scores).orElse(List.of()).stream()
            : Stream.empty();
    Stream<Metric> goals =
        Stream.concat(
            plan.settings().goals().objectives().stream().map(Objective::metric),
            plan.settings().goals().constraints().stream().map(Constraint::metric));
    return Stream.concat(goals, scores)
        .filter(metric -> scorecard.value(metric).isEmpty())
        .findFirst();
  }

  List<SearchEvent> lost(SearchState state, SearchCommand.LeaseLost lost) {
    boolean runs =
        state.leases().stream()
            .anyMatch(
                lease -> lease.task().equals(lost.task()) && lease.attempt() == lost.attempt());
    if (!runs) {
      return List.of();
    }
    return lost.attempt() - state.attemptsLost(lost.task()) > FREE_LOSSES
        ? state.failed(lost.task(), lost.attempt(), FailureKind.WORKER_LOST, lost.reason(), now())
        : List.of(
            new SearchEvent.LeaseEnded(lost.task(), lost.attempt(), lost.reason(), false, now()));
  }

  /** Keeps, for runs to come, what workers made; called when it is journalled. */
  void remember(SearchState state, List<SearchEvent> events) {
    for (SearchEvent event : events) {
      if (event instanceof SearchEvent.Scored scored) {
        recollection.keep(state, scored);
      }
    }
  }

  /** What the dispatcher has to know of journalled events. */
  List<DispatcherCommand> announcements(List<SearchEvent> events) {
    List<DispatcherCommand> news = new ArrayList<>();
    for (SearchEvent event : events) {
      if (event instanceof SearchEvent.NumericsBound e) {
        news.add(new DispatcherCommand.SearchBound(plan.name(), e.fingerprint()));
      } else if (event instanceof SearchEvent.Scored e) {
        news.add(new DispatcherCommand.TaskOver(plan.name(), e.task(), e.attempt()));
      } else if (event instanceof SearchEvent.RungReached e) {
        news.add(new DispatcherCommand.TaskOver(plan.name(), e.task(), e.attempt()));
      } else if (event instanceof SearchEvent.Failed e) {
        news.add(new DispatcherCommand.TaskOver(plan.name(), e.task(), e.attempt()));
      } else if (event instanceof SearchEvent.Screened e) {
        news.add(new DispatcherCommand.TaskOver(plan.name(), e.task(), e.attempt()));
      } else if (event instanceof SearchEvent.Stopped e) {
        news.add(new DispatcherCommand.TaskOver(plan.name(), e.task(), 0));
      } else if (event instanceof SearchEvent.LeaseEnded e) {
        news.add(new DispatcherCommand.LeaseOver(new LeaseId(plan.name(), e.task(), e.attempt())));
      }
    }
    return news;
  }

  DispatcherCommand.WorkerNeeds workerNeeds(SearchState state) {
    return new DispatcherCommand.WorkerNeeds(plan.engine(), plan.deterministic(), state.numerics());
  }

  /** What workers must bring, in words. */
  String needs(SearchState state) {
    String engine = "engine '" + plan.engine() + "'";
    return plan.deterministic() && state.numerics().isPresent()
        ? engine + " and numeric fingerprint " + state.numerics().get()
        : engine;
  }
}
