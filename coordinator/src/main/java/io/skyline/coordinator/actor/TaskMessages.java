package io.skyline.coordinator.actor;

import io.skyline.coordinator.config.InheritSettings;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Ladder;
import io.skyline.coordinator.search.Screening;
import io.skyline.coordinator.search.SearchEvent;
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
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Screen;
import io.skyline.v1.Ancestor;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.Measure;
import io.skyline.v1.Rung;
import io.skyline.v1.SeenScores;
import io.skyline.v1.Test;
import io.skyline.v1.Train;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes tasks as workers read them. */
final class TaskMessages {
  /** The exported model among a trial's artifacts. */
  static final String MODEL = "model.onnx";

  /** What a paused training goes on from, among the artifacts of a report. */
  static final String CHECKPOINT = "checkpoint";

  /** The weights before compression, which children begin with. */
  static final String TRAINED = "trained";

  private static final OptionalInt NONE = OptionalInt.empty();

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
      case TRAIN, REFIT -> {
        Optional<SearchEvent.Recalled> known = state.recalled(task);
        if (known.isPresent()) {
          message.setMeasure(measure(trial, known.get()));
        } else if (task.kind() == TaskId.Kind.TRAIN) {
          message.setTrain(climbing(trial, state));
        } else {
          message.setTrain(train(trial, true, state));
        }
      }
      case MEASURE -> message.setMeasure(measure(trial));
      case TEST ->
          message.setTest(
              Test.newBuilder()
                  .setTrial(trial.number())
                  .setModel(model(trial))
                  .setData(DataCards.message(plan.data()))
                  .setTrain(train(trial, refitted(trial), state))
                  .addAllArtifacts(Scorecards.messages(trial.artifacts()))
                  .setScorecard(Scorecards.message(trial.scorecard())));
    }
    return message.build();
  }

  /**
   * Stands for all that decides about a training's numbers and files: the task as a worker gets it,
   * but for its place in this search and for what is measured beside; who computes, and how.
   *
   * @param fingerprint the numeric one
   */
  String key(TaskId task, SearchState state, String build, String fingerprint) {
    Trial trial = state.trial(task.trial()).orElseThrow();
    Train decisive =
        train(trial, task.kind() == TaskId.Kind.REFIT, state).toBuilder()
            .clearTrial()
            .clearMeasureLatency()
            .clearRuntime()
            .clearTimeLimitSeconds()
            .build();
    MessageDigest sha = sha256();
    for (byte[] part :
        new byte[][] {
          build.getBytes(StandardCharsets.UTF_8),
          fingerprint.getBytes(StandardCharsets.UTF_8),
          decisive.toByteArray() // no maps in it: the same message gives the same bytes
        }) {
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
      sha.update(part);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** What is left to do for a training that an earlier run did. */
  private Measure measure(Trial trial, SearchEvent.Recalled known) {
    return measure(trial.number(), known.artifacts(), known.scorecard(), plan.runtimeInTrials());
  }

  private Measure measure(Trial trial) {
    return measure(trial.number(), trial.artifacts(), trial.scorecard(), plan.runtime());
  }

  private Measure measure(
      int trial, List<Artifact> artifacts, Scorecard known, Optional<RuntimeBudget> runtime) {
    Measure.Builder message =
        Measure.newBuilder()
            .setTrial(trial)
            .setModel(model(trial, artifacts))
            .setData(DataCards.withoutTest(plan.data()))
            .setPeakMemory(known.value(Metric.PEAK_MEMORY).orElse(0));
    runtime.ifPresent(budget -> message.setRuntime(message(budget)));
    return message.build();
  }

  private static io.skyline.v1.RuntimeBudget message(RuntimeBudget budget) {
    return io.skyline.v1.RuntimeBudget.newBuilder()
        .setMillis(Math.toIntExact(budget.time().toMillis()))
        .setCores(budget.cores().orElse(0))
        .build();
  }

  private static io.skyline.v1.Screen message(Screen screen) {
    io.skyline.v1.Screen.Builder message =
        io.skyline.v1.Screen.newBuilder().setLeast(screen.least());
    screen
        .seen()
        .forEach(
            (score, values) ->
                message.addSeen(
                    SeenScores.newBuilder().setMetric(score.word()).addAllValues(values)));
    return message.build();
  }

  /** The next training of a trial that may have been trained before, and may pause again. */
  private Train climbing(Trial trial, SearchState state) {
    TaskId task = new TaskId(TaskId.Kind.TRAIN, trial.number(), trial.ladder().rungs().size() + 1);
    Train.Builder message =
        train(trial, false, state).toBuilder()
            .setUntil(trial.ladder().target())
            .setScreen(message(Screening.of(state, task)));
    trial.checkpoint().ifPresent(from -> message.setCheckpoint(Scorecards.message(from)));
    for (Ladder.Rung rung : trial.ladder().rungs()) {
      message.addRungs(
          Rung.newBuilder()
              .setEpochs(rung.epochs())
              .setScorecard(Scorecards.message(rung.scorecard())));
    }
    return message.build();
  }

  private Train train(Trial trial, boolean refit, SearchState state) {
    // refits begin afresh: those of parents and children run side by side
    Optional<Ancestor> ancestor = refit ? Optional.empty() : ancestor(trial, state);
    TrainingPlan training = training(refit, ancestor.isPresent());
    Train.Builder message = Train.newBuilder().setHandOn(plan.inherit().isPresent());
    ancestor.ifPresent(message::setAncestor);
    if (!refit) {
      plan.settings()
          .prefilter()
          .ifPresent(filter -> filter.scores().forEach(score -> message.addScores(score.word())));
    }
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

  private TrainingPlan training(boolean refit, boolean inherits) {
    OptionalInt epochs =
        refit
            ? plan.settings().finalEpochs()
            : plan.inherit().filter(i -> inherits).map(InheritSettings::epochs).orElse(NONE);
    return epochs.isPresent() ? plan.training().withEpochs(epochs.getAsInt()) : plan.training();
  }

  /** The parent whose weights a trial begins with, if it has one that left them. */
  private Optional<Ancestor> ancestor(Trial trial, SearchState state) {
    SearchEvent step = state.steps().get(Math.toIntExact(trial.step() - 1));
    if (plan.inherit().isEmpty()
        || !(step instanceof SearchEvent.Proposed proposed && proposed.parent() > 0)) {
      return Optional.empty();
    }
    Trial parent = state.trial(proposed.parent()).orElseThrow();
    return parent.artifacts().stream()
        .filter(artifact -> artifact.name().equals(TRAINED))
        .findFirst()
        .map(
            artifact ->
                Ancestor.newBuilder()
                    .setGenome(parent.genome())
                    .setTrained(Scorecards.message(artifact))
                    .build());
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
    return model(trial.number(), trial.artifacts());
  }

  private static ArtifactRef model(int trial, List<Artifact> artifacts) {
    for (Artifact artifact : artifacts) {
      if (artifact.name().equals(MODEL)) {
        return Scorecards.message(artifact);
      }
    }
    throw new IllegalStateException("trial " + trial + " has no " + MODEL);
  }

  /** The same for every attempt and for the refit: of the search's seed and the genome alone. */
  private long seed(Trial trial) {
    MessageDigest sha = sha256();
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(plan.settings().seed()).array());
    sha.update(trial.genome().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(sha.digest()).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
