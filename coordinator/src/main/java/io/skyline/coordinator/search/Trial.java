package io.skyline.coordinator.search;

import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The evaluation of one candidate.
 *
 * @param number counts the trials of a search from 1
 * @param step counts its proposals from 1, those answered without training included
 * @param genome the candidate's text form
 * @param status how it ended, or that it has not
 * @param trained the numbers of its training, which controllers learn and nothing later changes;
 *     the scores of the untrained network alone if it was screened out
 * @param scorecard the latest numbers: of its training or else its refit, with later measurements
 *     on top
 * @param artifacts of the training that gave {@code scorecard}; measurements and its test replace
 *     some and add some
 * @param failure why it failed, if it did
 * @param ends the ends of its tasks in the order they came
 * @param ladder how far it is trained
 */
public record Trial(
    int number,
    long step,
    String genome,
    Status status,
    Scorecard trained,
    Scorecard scorecard,
    List<Artifact> artifacts,
    Optional<Failure> failure,
    List<TaskEnd> ends,
    Ladder ladder) {
  public Trial {
    artifacts = List.copyOf(artifacts);
    ends = List.copyOf(ends);
  }

  /** How a trial ended. */
  public enum Status {
    /** Waiting or running. */
    OPEN,
    SCORED,
    FAILED,
    /** Not trained, for a prefilter did not promise much of it. */
    SCREENED,
    /** At a rung: to be trained further, or else stopped. */
    PAUSED,
    /**
     * Given up, with what it had measured: before it began or at a rung because the search's time
     * was over, or because others were promoted instead.
     */
    STOPPED
  }

  static Trial proposed(SearchEvent.Proposed event) {
    return new Trial(
        event.trial(),
        event.step(),
        event.genome(),
        Status.OPEN,
        Scorecard.EMPTY,
        Scorecard.EMPTY,
        List.of(),
        Optional.empty(),
        List.of(),
        new Ladder(event.step(), event.epochs(), List.of()));
  }

  /** Where a paused training goes on from; empty once the trial has ended. */
  public Optional<Artifact> checkpoint() {
    return status == Status.PAUSED || status == Status.OPEN
        ? ladder.top().map(Ladder.Rung::checkpoint)
        : Optional.empty();
  }

  /** The recorded end of a task of this trial. */
  public Optional<TaskEnd> end(TaskId task) {
    return ends.stream().filter(end -> end.task().equals(task)).findFirst();
  }

  /** Whether a task of this kind has ended, with numbers or without. */
  public boolean has(TaskId.Kind kind) {
    return rounds(kind) > 0;
  }

  /** How many tasks of a kind have ended. */
  int rounds(TaskId.Kind kind) {
    return (int) ends.stream().filter(end -> end.task().kind() == kind).count();
  }

  /** The accuracy, or in regression the R2, that its training reached on validation data. */
  double quality() {
    return trained
        .value(Metric.ACCURACY)
        .orElse(trained.value(Metric.R2).orElse(Double.NEGATIVE_INFINITY));
  }

  /** This trial with the numbers of its training. */
  Trial asTrained() {
    return with(status, trained, trained, ends, ladder);
  }

  /** What went wrong after its training, for people: a refit, measurement or test that failed. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (TaskEnd end : ends) {
      if (end.task().kind() != TaskId.Kind.TRAIN && end.failure().isPresent()) {
        Failure failure = end.failure().get();
        notes.add("%s: %s: %s".formatted(end.task().text(), failure.kind(), failure.reason()));
      }
    }
    return notes;
  }

  Trial scored(SearchEvent.Scored event) {
    Scorecard report = event.scorecard();
    return switch (event.task().kind()) {
      case SHARE, EVALUATE ->
          throw new IllegalArgumentException(event.task().text() + " is no task of a trial");
      case TRAIN ->
          new Trial(
              number,
              step,
              genome,
              Status.SCORED,
              report,
              report,
              event.artifacts(),
              Optional.empty(),
              ended(event.task(), Optional.empty()),
              ladder);
      case REFIT -> with(report, event.artifacts(), event.task());
      case MEASURE -> with(scorecard.with(report), replaced(event.artifacts()), event.task());
      // a test adds numbers and replaces none: it must not move the frontier
      case TEST -> with(report.with(scorecard), replaced(event.artifacts()), event.task());
    };
  }

  /** A task failed: the trial with it if that was its training, else the rest stays as it was. */
  Trial failed(TaskId task, Failure why) {
    boolean training = task.kind() == TaskId.Kind.TRAIN;
    return new Trial(
        number,
        step,
        genome,
        training ? Status.FAILED : status,
        trained,
        scorecard,
        artifacts,
        training ? Optional.of(why) : failure,
        ended(task, Optional.of(why)),
        ladder);
  }

  Trial screened(SearchEvent.Screened event) {
    List<TaskEnd> all = ended(event.task(), Optional.empty());
    return with(Status.SCREENED, event.scores(), event.scores(), all, ladder);
  }

  Trial stopped(TaskId task) {
    return with(Status.STOPPED, trained, scorecard, ended(task, Optional.empty()), ladder);
  }

  /** Its training pauses, and waits for a promotion. */
  Trial reached(SearchEvent.RungReached event) {
    Scorecard report = event.scorecard();
    return with(
        Status.PAUSED,
        report,
        report,
        ended(event.task(), Optional.empty()),
        ladder.plus(new Ladder.Rung(event.epochs(), report, event.checkpoint())));
  }

  Trial promoted(SearchEvent.Promoted event) {
    if (event.task().round() != ladder.rungs().size() + 1) {
      throw new IllegalArgumentException(event.task().text() + " does not come next");
    }
    return with(Status.OPEN, trained, scorecard, ends, ladder.to(event.step(), event.epochs()));
  }

  /** It is not promoted any more. */
  Trial retired() {
    return with(Status.STOPPED, trained, scorecard, ends, ladder);
  }

  private Trial with(
      Status next, Scorecard training, Scorecard latest, List<TaskEnd> allEnds, Ladder climbed) {
    return new Trial(
        number, step, genome, next, training, latest, artifacts, failure, allEnds, climbed);
  }

  /** The files with others added, which take the place of those of the same name. */
  private List<Artifact> replaced(List<Artifact> others) {
    Map<String, Artifact> byName = new LinkedHashMap<>();
    artifacts.forEach(artifact -> byName.put(artifact.name(), artifact));
    others.forEach(artifact -> byName.put(artifact.name(), artifact));
    return List.copyOf(byName.values());
  }

  private Trial with(Scorecard latest, List<Artifact> files, TaskId task) {
    return new Trial(
        number,
        step,
        genome,
        status,
        trained,
        latest,
        files,
        failure,
        ended(task, Optional.empty()),
        ladder);
  }

  private List<TaskEnd> ended(TaskId task, Optional<Failure> why) {
    List<TaskEnd> all = new ArrayList<>(ends);
    all.add(new TaskEnd(task, why));
    return all;
  }
}
