package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.coordinator.sharing.SharedWeights;
import io.skyline.coordinator.wire.DataCards;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.coordinator.wire.TrainingPlans;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.Measure;
import io.skyline.v1.Test;
import io.skyline.v1.Train;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** Writes tasks as workers read them. */
final class TaskMessages {
  /** The exported model among a trial's artifacts. */
  static final String MODEL = "model.onnx";

  private final SearchPlan plan;
  private final SharedTaskMessages shared;

  TaskMessages(SearchPlan plan, Optional<SharedWeights> weights) {
    this.plan = plan;
    this.shared = new SharedTaskMessages(plan, weights);
  }

  /**
   * @throws IllegalStateException if the trial lacks what the task needs
   */
  Assign message(TaskId task, SearchState state) {
    if (task.isShared()) {
      return shared.message(task, state);
    }
    Trial trial =
        state
            .trial(task.trial())
            .orElseThrow(() -> new IllegalStateException(task.text() + " has no trial"));
    Assign.Builder message = Assign.newBuilder();
    switch (task.kind()) {
      case SHARE, EVALUATE -> throw new IllegalStateException("no task of a trial");
      case TRAIN -> message.setTrain(train(trial, false));
      case REFIT -> message.setTrain(train(trial, true));
      case MEASURE -> message.setMeasure(measure(trial));
      case TEST ->
          message.setTest(
              Test.newBuilder()
                  .setTrial(trial.number())
                  .setModel(model(trial))
                  .setData(DataCards.message(plan.data()))
                  .setTrain(train(trial, refitted(trial)))
                  .addAllArtifacts(Scorecards.messages(trial.artifacts()))
                  .setScorecard(Scorecards.message(trial.scorecard())));
    }
    return message.build();
  }

  private Measure measure(Trial trial) {
    Measure.Builder message =
        Measure.newBuilder()
            .setTrial(trial.number())
            .setModel(model(trial))
            .setData(DataCards.withoutTest(plan.data()))
            .setPeakMemory(trial.scorecard().value(Metric.PEAK_MEMORY).orElse(0));
    plan.runtime().ifPresent(budget -> message.setRuntime(message(budget)));
    return message.build();
  }

  private static io.skyline.v1.RuntimeBudget message(RuntimeBudget budget) {
    return io.skyline.v1.RuntimeBudget.newBuilder()
        .setMillis(Math.toIntExact(budget.time().toMillis()))
        .setCores(budget.cores().orElse(0))
        .build();
  }

  private Train train(Trial trial, boolean refit) {
    TrainingPlan training =
        refit
            ? plan.training().withEpochs(plan.settings().finalEpochs().orElseThrow())
            : plan.training();
    Train.Builder message = Train.newBuilder();
    plan.predictedLatency(trial.genome())
        .ifPresent(
            predicted ->
                message.setPredictedLatency(
                    Scorecards.message(Metric.PREDICTED_LATENCY, predicted)));
    plan.runtimeInTrials().ifPresent(budget -> message.setRuntime(message(budget)));
    return message
        .setTrial(trial.number())
        .setSpaceYaml(plan.space().yaml())
        .setGenome(trial.genome())
        .setData(DataCards.withoutTest(plan.data()))
        .setTraining(TrainingPlans.message(training))
        .setSeed(seed(trial))
        .setEngine(plan.engine())
        .setMeasureLatency(plan.settings().latencyInTrials())
        .setTimeLimitSeconds(Math.toIntExact(limitSeconds(training)))
        .build();
  }

  /** A refit of more epochs may take as much longer. */
  private long limitSeconds(TrainingPlan training) {
    long base = Math.max(1, plan.trialLimit().toSeconds());
    double factor = (double) training.epochs() / Math.max(1, plan.training().epochs());
    return Math.min(Integer.MAX_VALUE, (long) Math.ceil(base * Math.max(1, factor)));
  }

  private static boolean refitted(Trial trial) {
    return trial.ends().stream()
        .anyMatch(end -> end.task().kind() == TaskId.Kind.REFIT && end.failure().isEmpty());
  }

  private static ArtifactRef model(Trial trial) {
    for (Artifact artifact : trial.artifacts()) {
      if (artifact.name().equals(MODEL)) {
        return Scorecards.message(artifact);
      }
    }
    throw new IllegalStateException("trial " + trial.number() + " has no " + MODEL);
  }

  /** The same for every attempt and for the refit: of the search's seed and the genome alone. */
  private long seed(Trial trial) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(Long.BYTES).putLong(plan.settings().seed()).array());
      sha.update(trial.genome().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sha.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
