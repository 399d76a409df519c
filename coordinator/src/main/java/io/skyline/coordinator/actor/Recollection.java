package io.skyline.coordinator.actor;

import io.skyline.coordinator.evaluation.Evaluation;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.Screening;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Answers trainings from what earlier runs got from the very same ones, and keeps for later runs
 * what this one gets.
 *
 * <p>Only in deterministic order, where all workers are bound to compute the same bits. What was
 * measured on a machine is never taken over: if trials measure latency or throughput, a worker
 * measures the stored model as if it had just been trained.
 */
final class Recollection {
  private final SearchPlan plan;
  private final TaskMessages messages;
  private final String build;

  Recollection(SearchPlan plan, TaskMessages messages, String build) {
    this.plan = plan;
    this.messages = messages;
    this.build = build;
  }

  /** What a search, bound to a numeric fingerprint, knows of its open trainings. */
  List<SearchEvent> of(SearchState state, String fingerprint, long now) {
    List<SearchEvent> events = new ArrayList<>();
    if (!plan.deterministic()) {
      return events;
    }
    SearchState known = state;
    Set<TaskId> asked = new HashSet<>();
    for (Optional<TaskId> task = next(known, asked); task.isPresent(); task = next(known, asked)) {
      asked.add(task.get());
      String key = messages.key(task.get(), known, build, fingerprint);
      Optional<Evaluation> evaluation = plan.earlier().evaluations().recall(key);
      if (evaluation.isPresent()) {
        for (SearchEvent event : answer(known, task.get(), evaluation.get(), now)) {
          events.add(event);
          known = known.apply(event);
        }
      }
    }
    return events;
  }

  /** An open training that was not begun here; the end of one may open others: refits. */
  private Optional<TaskId> next(SearchState state, Set<TaskId> asked) {
    return state.openTasks().stream()
        .filter(task -> trainsAtOnce(task) && state.recalled(task).isEmpty())
        .filter(task -> state.nextAttempt(task) == 1 && !asked.contains(task))
        .findFirst();
  }

  private List<SearchEvent> answer(SearchState state, TaskId task, Evaluation known, long now) {
    Optional<Prefilter> prefilter =
        plan.settings().prefilter().filter(unused -> task.kind() == TaskId.Kind.TRAIN);
    if (prefilter.isPresent() && !Screening.of(state, task).passes(known.scorecard())) {
      Scorecard scores = prefilter.get().of(known.scorecard());
      return List.of(new SearchEvent.Screened(task, 0, scores, now));
    }
    List<SearchEvent> events = new ArrayList<>();
    events.add(
        new SearchEvent.Recalled(task, known.source(), known.scorecard(), known.artifacts(), now));
    if (!measuresInTrials()) {
      if (goals().anyMatch(metric -> known.scorecard().value(metric).isEmpty())) {
        return List.of();
      }
      events.add(new SearchEvent.Scored(task, 0, known.scorecard(), known.artifacts(), now));
    }
    return events;
  }

  private Stream<Metric> goals() {
    return Stream.concat(
        plan.settings().goals().objectives().stream().map(Objective::metric),
        plan.settings().goals().constraints().stream().map(Constraint::metric));
  }

  private boolean measuresInTrials() {
    return plan.settings().latencyInTrials() || plan.runtimeInTrials().isPresent();
  }

  /** Whether a task is a whole training: not one from rung to rung. */
  private boolean trainsAtOnce(TaskId task) {
    return task.kind() == TaskId.Kind.REFIT
        || task.kind() == TaskId.Kind.TRAIN && plan.settings().halving().isEmpty();
  }

  /** A report with what was known before it, if the worker had to add measurements only. */
  static TaskResult.Scored completed(
      Optional<SearchEvent.Recalled> known, TaskResult.Scored report) {
    if (known.isEmpty()) {
      return report;
    }
    Scorecard all = known.get().scorecard().with(report.scorecard());
    List<Artifact> files = new ArrayList<>(known.get().artifacts());
    files.addAll(report.artifacts());
    return new TaskResult.Scored(all, files, report.fetchedBytes());
  }

  /** Keeps what a training gave, unless it came from there. */
  void keep(SearchState state, SearchEvent.Scored scored) {
    TaskId task = scored.task();
    if (!plan.deterministic() || !trainsAtOnce(task) || state.recalled(task).isPresent()) {
      return;
    }
    Evaluation evaluation =
        new Evaluation(plan.name() + "/" + task.trial(), scored.scorecard(), scored.artifacts());
    state
        .numerics()
        .map(fingerprint -> messages.key(task, state, build, fingerprint))
        .ifPresent(key -> plan.earlier().evaluations().note(key, evaluation));
  }
}
