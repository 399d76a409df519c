package io.skyline.coordinator.journal;

import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.wire.DataCards;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.journal.v1.Cancelled;
import io.skyline.journal.v1.CandidateDrawn;
import io.skyline.journal.v1.CandidatesDerived;
import io.skyline.journal.v1.Ended;
import io.skyline.journal.v1.Extended;
import io.skyline.journal.v1.Idled;
import io.skyline.journal.v1.JournalEvent;
import io.skyline.journal.v1.Learned;
import io.skyline.journal.v1.LeaseEnded;
import io.skyline.journal.v1.Leased;
import io.skyline.journal.v1.NoMoreProposals;
import io.skyline.journal.v1.NumericsBound;
import io.skyline.journal.v1.PathDrawn;
import io.skyline.journal.v1.Promoted;
import io.skyline.journal.v1.Proposed;
import io.skyline.journal.v1.Recalled;
import io.skyline.journal.v1.Rejected;
import io.skyline.journal.v1.Resumed;
import io.skyline.journal.v1.Retired;
import io.skyline.journal.v1.RungReached;
import io.skyline.journal.v1.Started;
import io.skyline.journal.v1.Task;
import io.skyline.journal.v1.TaskFailed;
import io.skyline.journal.v1.TaskKind;
import io.skyline.journal.v1.TaskScored;
import io.skyline.journal.v1.TaskScreened;
import io.skyline.journal.v1.TaskStopped;
import io.skyline.journal.v1.TimeExpired;
import io.skyline.journal.v1.WeightsMerged;

/** Every kind of event as its message of {@code journal.proto}. */
final class EventWriter {
  private EventWriter() {}

  static JournalEvent message(SearchEvent event) {
    JournalEvent.Builder row = JournalEvent.newBuilder();
    if (event instanceof SearchEvent.Started e) {
      row.setStarted(started(e));
    } else if (event instanceof SearchEvent.NumericsBound e) {
      row.setNumericsBound(
          NumericsBound.newBuilder().setFingerprint(e.fingerprint()).setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Proposed e) {
      row.setProposed(
          Proposed.newBuilder()
              .setStep(e.step())
              .setTrial(e.trial())
              .setGenome(e.genome())
              .setEpochs(e.epochs())
              .setParent(e.parent())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Promoted e) {
      row.setPromoted(
          Promoted.newBuilder()
              .setStep(e.step())
              .setTask(task(e.task()))
              .setEpochs(e.epochs())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.RungReached e) {
      row.setRungReached(
          RungReached.newBuilder()
              .setTask(task(e.task()))
              .setAttempt(e.attempt())
              .setEpochs(e.epochs())
              .setScorecard(Scorecards.message(e.scorecard()))
              .setCheckpoint(Scorecards.message(e.checkpoint()))
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Idled e) {
      row.setIdled(Idled.newBuilder().setStep(e.step()).setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Retired e) {
      row.setRetired(Retired.newBuilder().setStep(e.step()).setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Rejected e) {
      row.setRejected(
          Rejected.newBuilder()
              .setStep(e.step())
              .setGenome(e.genome())
              .setExact(Scorecards.message(e.exact()))
              .setReason(e.reason()));
    } else if (event instanceof SearchEvent.Leased e) {
      row.setLeased(
          Leased.newBuilder()
              .setTask(task(e.task()))
              .setAttempt(e.attempt())
              .setWorker(e.worker())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.LeaseEnded e) {
      row.setLeaseEnded(
          LeaseEnded.newBuilder()
              .setTask(task(e.task()))
              .setAttempt(e.attempt())
              .setReason(e.reason())
              .setCounts(e.counts())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Scored e) {
      row.setScored(
          TaskScored.newBuilder()
              .setTask(task(e.task()))
              .setAttempt(e.attempt())
              .setScorecard(Scorecards.message(e.scorecard()))
              .addAllArtifacts(Scorecards.messages(e.artifacts()))
              .setFetchedBytes(e.fetchedBytes())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Failed e) {
      row.setFailed(
          TaskFailed.newBuilder()
              .setTask(task(e.task()))
              .setAttempt(e.attempt())
              .setKind(Scorecards.message(e.kind()))
              .setReason(e.reason())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Extended e) {
      row.setExtended(Extended.newBuilder().setTrials(e.trials()).setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Cancelled e) {
      row.setCancelled(Cancelled.newBuilder().setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Resumed e) {
      row.setResumed(Resumed.newBuilder().setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Ended e) {
      row.setEnded(Ended.newBuilder().setReason(e.reason()).setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Stopped e) {
      row.setStopped(
          TaskStopped.newBuilder()
              .setTask(task(e.task()))
              .setReason(e.reason())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Screened e) {
      row.setScreened(
          TaskScreened.newBuilder()
              .setTask(task(e.task()))
              .setAttempt(e.attempt())
              .setScores(Scorecards.message(e.scores()))
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.Learned e) {
      row.setLearned(learned(e));
    } else if (event instanceof SearchEvent.Recalled e) {
      row.setRecalled(
          Recalled.newBuilder()
              .setTask(task(e.task()))
              .setSource(e.source())
              .setScorecard(Scorecards.message(e.scorecard()))
              .addAllArtifacts(Scorecards.messages(e.artifacts()))
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.TimeExpired e) {
      row.setTimeExpired(TimeExpired.newBuilder().setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.NoMoreProposals e) {
      row.setNoMoreProposals(
          NoMoreProposals.newBuilder().setReason(e.reason()).setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.PathDrawn e) {
      row.setPathDrawn(
          PathDrawn.newBuilder()
              .setStep(e.step())
              .addAllChoices(e.choices())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.WeightsMerged e) {
      row.setWeightsMerged(
          WeightsMerged.newBuilder()
              .setStep(e.step())
              .setIndex(e.index())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.CandidateDrawn e) {
      row.setCandidateDrawn(
          CandidateDrawn.newBuilder()
              .setNumber(e.number())
              .setGenome(e.genome())
              .setAtMillis(e.atMillis()));
    } else if (event instanceof SearchEvent.CandidatesDerived e) {
      row.setCandidatesDerived(CandidatesDerived.newBuilder().setAtMillis(e.atMillis()));
    } else {
      throw new IllegalStateException("the journal has no message for " + event.getClass());
    }
    return row.build();
  }

  private static Started started(SearchEvent.Started e) {
    return Started.newBuilder()
        .setName(e.name())
        .setConfigYaml(e.configYaml())
        .setSpaceYaml(e.spaceYaml())
        .setData(DataCards.message(e.data()))
        .setSeed(e.seed())
        .setBuild(e.build())
        .setAtMillis(e.atMillis())
        .build();
  }

  private static Learned learned(SearchEvent.Learned e) {
    Learned.Builder row =
        Learned.newBuilder()
            .setSource(e.source())
            .setGenome(e.genome())
            .setScorecard(Scorecards.message(e.scorecard()))
            .setAgain(e.again());
    e.failure()
        .ifPresent(
            failure ->
                row.setFailed(true)
                    .setKind(Scorecards.message(failure.kind()))
                    .setReason(failure.reason()));
    return row.build();
  }

  private static Task task(TaskId task) {
    TaskKind kind =
        switch (task.kind()) {
          case SHARE -> TaskKind.SHARE;
          case EVALUATE -> TaskKind.EVALUATE;
          case TRAIN -> TaskKind.TRAIN;
          case REFIT -> TaskKind.REFIT;
          case MEASURE -> TaskKind.MEASURE;
          case TEST -> TaskKind.TEST;
        };
    return Task.newBuilder().setKind(kind).setTrial(task.trial()).setRound(task.round()).build();
  }
}
