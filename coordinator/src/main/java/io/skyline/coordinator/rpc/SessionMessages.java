package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.CoordinatorSignal;
import io.skyline.coordinator.actor.LeaseId;
import io.skyline.coordinator.actor.TaskResult;
import io.skyline.coordinator.actor.WorkerIdentity;
import io.skyline.coordinator.actor.WorkerSignal;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.coordinator.wire.UnreadableMessageException;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.Acknowledged;
import io.skyline.v1.Assign;
import io.skyline.v1.Cancel;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.Drain;
import io.skyline.v1.Failed;
import io.skyline.v1.Hello;
import io.skyline.v1.Refused;
import io.skyline.v1.Report;
import io.skyline.v1.RunningTask;
import io.skyline.v1.Scored;
import io.skyline.v1.TaskRef;
import io.skyline.v1.Welcome;
import io.skyline.v1.WorkerMessage;
import java.time.Duration;

/** What is said on a worker's stream, translated from the wire to the actors and back. */
final class SessionMessages {
  private static final int LONGEST_REASON = 2_000;
  private static final int LONGEST_NAME = 200;
  private static final int MOST_ENGINES = 16;

  private final long term;

  /**
   * @param term the incarnation that assigns
   */
  SessionMessages(long term) {
    this.term = term;
  }

  /**
   * @throws UnreadableMessageException if the message makes no sense
   */
  WorkerSignal signal(WorkerMessage message) {
    return switch (message.getMessageCase()) {
      case HELLO -> new WorkerSignal.Hello(identity(message.getHello()));
      case DEMAND -> new WorkerSignal.Demand(message.getDemand().getSlots());
      case HEARTBEAT ->
          new WorkerSignal.Heartbeat(
              message.getHeartbeat().getRunningList().stream()
                  .map(SessionMessages::running)
                  .toList());
      case REPORT -> report(message.getReport());
      case DRAINING -> new WorkerSignal.Draining();
      case GAVE_BACK ->
          new WorkerSignal.GaveBack(
              lease(message.getGaveBack().getRef()),
              shortened(message.getGaveBack().getReason(), LONGEST_REASON));
      case MESSAGE_NOT_SET ->
          throw new UnreadableMessageException("an empty message, or one of a later protocol");
    };
  }

  private static WorkerIdentity identity(Hello hello) {
    return new WorkerIdentity(
        shortened(hello.getWorkerId(), LONGEST_NAME),
        shortened(hello.getHost(), LONGEST_NAME),
        hello.getSlots(),
        shortened(hello.getBuild(), LONGEST_NAME),
        hello.getProtocol(),
        shortened(hello.getNumericFingerprint(), LONGEST_NAME),
        hello.getEnginesList().stream().limit(MOST_ENGINES).toList(),
        shortened(hello.getCatalogDigest(), LONGEST_NAME));
  }

  private static WorkerSignal.Running running(RunningTask task) {
    return new WorkerSignal.Running(
        lease(task.getTask()), shortened(task.getStage(), LONGEST_NAME), task.getFraction());
  }

  private static WorkerSignal.Report report(Report report) {
    LeaseId lease = lease(report.getRef());
    return switch (report.getResultCase()) {
      case SCORED -> new WorkerSignal.Report(lease, scored(report.getScored()));
      case FAILED -> new WorkerSignal.Report(lease, failed(report.getFailed()));
      case RESULT_NOT_SET ->
          throw new UnreadableMessageException("the report of " + lease + " has no result");
    };
  }

  private static TaskResult scored(Scored scored) {
    try {
      Scorecard scorecard = Scorecards.scorecard(scored.getScorecard());
      return scored.getScreened()
          ? new TaskResult.Screened(scorecard)
          : new TaskResult.Scored(
              scorecard, Scorecards.artifacts(scored.getArtifactsList()), scored.getFetchedBytes());
    } catch (UnreadableMessageException e) {
      return new TaskResult.Failed(FailureKind.DIVERGED, String.valueOf(e.getMessage()));
    }
  }

  private static TaskResult failed(Failed failed) {
    return new TaskResult.Failed(
        Scorecards.failureKind(failed.getKind()), shortened(failed.getReason(), LONGEST_REASON));
  }

  private static LeaseId lease(TaskRef ref) {
    TaskId task =
        TaskId.parse(ref.getTask())
            .orElseThrow(
                () ->
                    new UnreadableMessageException(
                        "'%s' is no task".formatted(shortened(ref.getTask(), LONGEST_NAME))));
    return new LeaseId(shortened(ref.getSearch(), LONGEST_NAME), task, ref.getAttempt());
  }

  private static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  CoordinatorMessage message(CoordinatorSignal signal) {
    CoordinatorMessage.Builder message = CoordinatorMessage.newBuilder();
    if (signal instanceof CoordinatorSignal.Welcome welcome) {
      message.setWelcome(
          Welcome.newBuilder()
              .setHeartbeatSeconds(seconds(welcome.heartbeat()))
              .setHeartbeatMillis(Math.toIntExact(welcome.heartbeat().toMillis()))
              .setTerm(term));
    } else if (signal instanceof CoordinatorSignal.Refused refused) {
      message.setRefused(Refused.newBuilder().setReason(refused.reason()));
    } else if (signal instanceof CoordinatorSignal.Assign assign) {
      message.setAssign(
          Assign.newBuilder(assign.assignment().message())
              .setRef(ref(assign.assignment().lease()))
              .setLeaseSeconds(seconds(assign.lease())));
    } else if (signal instanceof CoordinatorSignal.CancelTask cancel) {
      message.setCancel(Cancel.newBuilder().setRef(ref(cancel.lease())).setReason(cancel.reason()));
    } else if (signal instanceof CoordinatorSignal.Acknowledged acknowledged) {
      message.setAcknowledged(Acknowledged.newBuilder().setRef(ref(acknowledged.lease())));
    } else if (signal instanceof CoordinatorSignal.Drain drain) {
      message.setDrain(Drain.newBuilder().setReason(drain.reason()));
    } else {
      throw new IllegalStateException("no message for " + signal);
    }
    return message.build();
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(Math.max(1, duration.toSeconds()));
  }

  private TaskRef ref(LeaseId lease) {
    return TaskRef.newBuilder()
        .setSearch(lease.search())
        .setTask(lease.task().text())
        .setAttempt(lease.attempt())
        .setTerm(term)
        .build();
  }
}
