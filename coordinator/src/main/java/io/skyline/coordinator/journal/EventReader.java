package io.skyline.coordinator.journal;

import io.skyline.coordinator.search.Failure;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.wire.DataCards;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.journal.v1.JournalEvent;
import io.skyline.journal.v1.Learned;
import io.skyline.journal.v1.LeaseEnded;
import io.skyline.journal.v1.Leased;
import io.skyline.journal.v1.Promoted;
import io.skyline.journal.v1.Proposed;
import io.skyline.journal.v1.Rejected;
import io.skyline.journal.v1.RungReached;
import io.skyline.journal.v1.Started;
import io.skyline.journal.v1.Task;
import io.skyline.journal.v1.TaskFailed;
import io.skyline.journal.v1.TaskScored;
import java.util.List;
import java.util.Optional;

/** Every message of {@code journal.proto} as its event. */
final class EventReader {
  private EventReader() {}

  static SearchEvent event(JournalEvent row) {
    return switch (row.getEventCase()) {
      case STARTED -> started(row.getStarted());
      case NUMERICS_BOUND ->
          new SearchEvent.NumericsBound(
              row.getNumericsBound().getFingerprint(), row.getNumericsBound().getAtMillis());
      case PROPOSED -> proposed(row.getProposed());
      case REJECTED -> rejected(row.getRejected());
      case LEASED -> leased(row.getLeased());
      case LEASE_ENDED -> leaseEnded(row.getLeaseEnded());
      case SCORED -> scored(row.getScored());
      case FAILED -> failed(row.getFailed());
      case EXTENDED ->
          new SearchEvent.Extended(row.getExtended().getTrials(), row.getExtended().getAtMillis());
      case CANCELLED -> new SearchEvent.Cancelled(row.getCancelled().getAtMillis());
      case RESUMED -> new SearchEvent.Resumed(row.getResumed().getAtMillis());
      case ENDED -> new SearchEvent.Ended(row.getEnded().getReason(), row.getEnded().getAtMillis());
      case STOPPED ->
          new SearchEvent.Stopped(
              task(row.getStopped().getTask()),
              row.getStopped().getReason(),
              row.getStopped().getAtMillis());
      case SCREENED ->
          new SearchEvent.Screened(
              task(row.getScreened().getTask()),
              row.getScreened().getAttempt(),
              Scorecards.scorecard(row.getScreened().getScores()),
              row.getScreened().getAtMillis());
      case TIME_EXPIRED -> new SearchEvent.TimeExpired(row.getTimeExpired().getAtMillis());
      case NO_MORE_PROPOSALS ->
          new SearchEvent.NoMoreProposals(
              row.getNoMoreProposals().getReason(), row.getNoMoreProposals().getAtMillis());
      case PROMOTED -> promoted(row.getPromoted());
      case RUNG_REACHED -> rungReached(row.getRungReached());
      case IDLED -> new SearchEvent.Idled(row.getIdled().getStep(), row.getIdled().getAtMillis());
      case RETIRED ->
          new SearchEvent.Retired(row.getRetired().getStep(), row.getRetired().getAtMillis());
      case LEARNED -> learned(row.getLearned());
      case RECALLED ->
          new SearchEvent.Recalled(
              task(row.getRecalled().getTask()),
              row.getRecalled().getSource(),
              Scorecards.scorecard(row.getRecalled().getScorecard()),
              Scorecards.artifacts(row.getRecalled().getArtifactsList()),
              row.getRecalled().getAtMillis());
      case PATH_DRAWN ->
          new SearchEvent.PathDrawn(
              row.getPathDrawn().getStep(),
              row.getPathDrawn().getChoicesList(),
              row.getPathDrawn().getAtMillis());
      case WEIGHTS_MERGED ->
          new SearchEvent.WeightsMerged(
              row.getWeightsMerged().getStep(),
              row.getWeightsMerged().getIndex(),
              row.getWeightsMerged().getAtMillis());
      case CANDIDATE_DRAWN ->
          new SearchEvent.CandidateDrawn(
              row.getCandidateDrawn().getNumber(),
              row.getCandidateDrawn().getGenome(),
              row.getCandidateDrawn().getAtMillis());
      case CANDIDATES_DERIVED ->
          new SearchEvent.CandidatesDerived(row.getCandidatesDerived().getAtMillis());
      case EVENT_NOT_SET ->
          throw new UnreadableJournalException(
              "the journal holds a kind of event that this build does not know;"
                  + " it was written by a later one: use that to open this run");
    };
  }

  private static SearchEvent started(Started row) {
    return new SearchEvent.Started(
        row.getName(),
        row.getConfigYaml(),
        row.getSpaceYaml(),
        DataCards.card(row.getData()),
        row.getSeed(),
        row.getBuild(),
        row.getAtMillis());
  }

  private static SearchEvent learned(Learned row) {
    return new SearchEvent.Learned(
        row.getSource(),
        row.getGenome(),
        Scorecards.scorecard(row.getScorecard()),
        row.getFailed()
            ? Optional.of(new Failure(Scorecards.failureKind(row.getKind()), row.getReason()))
            : Optional.empty(),
        row.getAgain());
  }

  private static SearchEvent proposed(Proposed row) {
    return new SearchEvent.Proposed(
        row.getStep(),
        row.getTrial(),
        row.getGenome(),
        row.getEpochs(),
        row.getParent(),
        row.getAtMillis());
  }

  private static SearchEvent promoted(Promoted row) {
    return new SearchEvent.Promoted(
        row.getStep(), task(row.getTask()), row.getEpochs(), row.getAtMillis());
  }

  private static SearchEvent rungReached(RungReached row) {
    return new SearchEvent.RungReached(
        task(row.getTask()),
        row.getAttempt(),
        row.getEpochs(),
        Scorecards.scorecard(row.getScorecard()),
        Scorecards.artifacts(List.of(row.getCheckpoint())).get(0),
        row.getAtMillis());
  }

  private static SearchEvent rejected(Rejected row) {
    return new SearchEvent.Rejected(
        row.getStep(), row.getGenome(), Scorecards.scorecard(row.getExact()), row.getReason());
  }

  private static SearchEvent leased(Leased row) {
    return new SearchEvent.Leased(
        task(row.getTask()), row.getAttempt(), row.getWorker(), row.getAtMillis());
  }

  private static SearchEvent leaseEnded(LeaseEnded row) {
    return new SearchEvent.LeaseEnded(
        task(row.getTask()), row.getAttempt(), row.getReason(), row.getCounts(), row.getAtMillis());
  }

  private static SearchEvent scored(TaskScored row) {
    return new SearchEvent.Scored(
        task(row.getTask()),
        row.getAttempt(),
        Scorecards.scorecard(row.getScorecard()),
        Scorecards.artifacts(row.getArtifactsList()),
        row.getFetchedBytes(),
        row.getAtMillis());
  }

  private static SearchEvent failed(TaskFailed row) {
    return new SearchEvent.Failed(
        task(row.getTask()),
        row.getAttempt(),
        Scorecards.failureKind(row.getKind()),
        row.getReason(),
        row.getAtMillis());
  }

  private static TaskId task(Task row) {
    TaskId.Kind kind =
        switch (row.getKind()) {
          case SHARE -> TaskId.Kind.SHARE;
          case EVALUATE -> TaskId.Kind.EVALUATE;
          case TRAIN -> TaskId.Kind.TRAIN;
          case REFIT -> TaskId.Kind.REFIT;
          case MEASURE -> TaskId.Kind.MEASURE;
          case TEST -> TaskId.Kind.TEST;
          case TASK_KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw new UnreadableJournalException(
                  "the journal names a kind of task that this build does not know");
        };
    return new TaskId(kind, row.getTrial(), row.getRound());
  }
}
