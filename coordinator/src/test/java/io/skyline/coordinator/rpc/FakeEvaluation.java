package io.skyline.coordinator.rpc;

import io.grpc.Channel;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.Assign;
import io.skyline.v1.Measure;
import io.skyline.v1.Scored;
import io.skyline.v1.Train;

/**
 * What a {@link FakeWorker} says of its tasks: {@link TinySearch#score}, and files to go with it.
 */
record FakeEvaluation(Channel channel) {
  /** The result of a task. */
  Scored of(Assign assign) {
    return switch (assign.getTaskCase()) {
      case TRAIN -> {
        Train task = assign.getTrain();
        yield task.getUntil() > 0
            ? paused(task)
            : FakeScores.screened(task).orElseGet(() -> trained(task));
      }
      case MEASURE -> measured(assign.getMeasure());
      case TEST -> numbers(Metric.TEST_ACCURACY, .5);
      case SHARE, EVALUATE -> throw new AssertionError("nothing is shared here");
      case TASK_NOT_SET -> throw new AssertionError("an assignment without a task");
    };
  }

  private Scored trained(Train task) {
    String genome = task.getGenome();
    Scorecard score = TinySearch.score(genome).with(FakeScores.of(task));
    if (task.hasRuntime()) {
      score = score.with(Metric.THROUGHPUT, Measurement.exact(900));
    }
    Scored.Builder scored =
        Scored.newBuilder()
            .setScorecard(Scorecards.message(score))
            .addArtifacts(FakeModel.upload(channel, genome));
    if (task.getHandOn()) {
      scored.addArtifacts(FakeModel.upload(channel, "trained", "weights of " + genome));
    }
    return scored.build();
  }

  /** A young network is worse; its checkpoint says what it went on from. */
  private Scored paused(Train task) {
    Scorecard grown = TinySearch.score(task.getGenome());
    double share = 1 - 1. / (1 + task.getUntil());
    double accuracy = share * grown.value(Metric.ACCURACY).orElseThrow();
    String text =
        task.getGenome() + " " + task.getUntil() + " after " + task.getCheckpoint().getDigest();
    return Scored.newBuilder()
        .setScorecard(Scorecards.message(grown.with(Metric.ACCURACY, Measurement.exact(accuracy))))
        .addArtifacts(FakeModel.upload(channel, "checkpoint", text))
        .build();
  }

  private Scored measured(Measure task) {
    Scored latency = numbers(Metric.LATENCY, 100 + task.getTrial());
    if (!task.hasRuntime()) {
      return latency;
    }
    Scored throughput = numbers(Metric.THROUGHPUT, 1000 + task.getTrial());
    return latency.toBuilder()
        .mergeFrom(throughput)
        .addArtifacts(FakeModel.upload(channel, "runtime.json", "settings of " + task.getTrial()))
        .build();
  }

  private static Scored numbers(Metric metric, double value) {
    return Scored.newBuilder()
        .setScorecard(Scorecards.message(Scorecard.EMPTY.with(metric, Measurement.exact(value))))
        .build();
  }
}
