package io.skyline.worker.trial;

import com.sun.management.OperatingSystemMXBean;
import io.skyline.cost.ArenaPlan;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.Rung;
import io.skyline.v1.Scored;
import io.skyline.worker.compress.Compression;
import io.skyline.worker.compress.Condensation;
import io.skyline.worker.compress.Encoded;
import io.skyline.worker.compress.Workbench;
import io.skyline.worker.data.DataCache;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.PathLatencies;
import io.skyline.worker.score.RuntimeTuning;
import io.skyline.worker.score.Scorer;
import io.skyline.worker.score.ThroughputMeter;
import io.skyline.worker.train.Checkpoint;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.TrainingSet;
import io.skyline.worker.trial.Teachers.Taught;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A trial from data to scorecard: train, compress, export, score the exported file.
 *
 * <p>What was learned about groups is settled when training ends: everything after it sees the
 * network in the form that ships.
 *
 * <p>Training and calibration see training data only; validation data scores.
 */
final class TrialPipeline {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  // training and compression draw from seeds that differ
  private static final long COMPRESSION_SEED = 0x9E3779B97F4A7C15L;

  private final DataCache data;
  private final Teachers teachers;
  private final Ancestors ancestors;
  private final Engines engines;
  private final Latency latency;
  private final Checkpoints checkpoints;

  TrialPipeline(
      DataCache data,
      Teachers teachers,
      Ancestors ancestors,
      Engines engines,
      Latency latency,
      Checkpoints checkpoints) {
    this.data = data;
    this.ancestors = ancestors;
    this.teachers = teachers;
    this.engines = engines;
    this.latency = latency;
    this.checkpoints = checkpoints;
  }

  /** What there is after compression. */
  private record Finished(
      Network trained,
      ExportedModel model,
      Compression compression,
      List<Before> before,
      Leaving leaving,
      LossCurve losses,
      Optional<Checkpoint> checkpoint,
      double cpuSeconds) {}

  /**
   * Runs the trial.
   *
   * @param folder where the files go that the result refers to
   */
  Scored run(Plan plan, Path folder, TaskMonitor monitor) throws IOException, TaskFailedException {
    TrainingSet training = training(plan, folder);
    Examples validation = data.load(plan.data().validation());
    monitor.check();
    Engine engine = engines.get(plan.task().getEngine());
    Scorecard untrained = UntrainedScores.of(plan, engine, training.withLabels());
    if (!Wire.screen(plan.task().getScreen()).passes(untrained)) {
      return Scored.newBuilder().setScorecard(Wire.message(untrained)).setScreened(true).build();
    }
    Finished finished = make(plan, training, validation, folder, monitor);
    monitor.check();
    monitor.progress("score", TrainedProgress.SHARE);
    Scorecard scorecard =
        untrained
            .with(Scorer.score(finished.model(), validation))
            .with(Metric.UNCOMPRESSED, Measurement.exact(uncompressed(plan)))
            .with(
                Metric.TRAIN_SECONDS,
                Measurement.exact(finished.cpuSeconds() + secondsBefore(plan)));
    Optional<Measurement> predicted = plan.predictedLatency();
    if (predicted.isPresent()) {
      scorecard = scorecard.with(Metric.PREDICTED_LATENCY, predicted.get());
    }
    List<Measurement> paths = new ArrayList<>();
    if (plan.task().getMeasureLatency()) {
      PathLatencies measured = latency.meter().measurePaths(finished.model().onnx());
      scorecard = scorecard.with(Metric.LATENCY, measured.expected());
      paths.addAll(measured.paths());
    }
    if (plan.stretch().pauses()) {
      return checkpoints.store(
          finished.checkpoint().orElseThrow(), finished.losses(), scorecard, folder);
    }
    Optional<RuntimeTuning> tuning = tuning(plan, finished.model(), validation, scorecard);
    if (tuning.isPresent()) {
      scorecard = scorecard.with(Metric.THROUGHPUT, tuning.get().throughput());
    }
    Card card = Card.of(plan, scorecard, finished.before());
    card.put(finished.losses());
    card.putRungs(plan.task().getRungsList(), plan.candidate().training().epochs(), scorecard);
    tuning.ifPresent(tried -> card.putRuntime(RuntimeJson.of(tried)));
    ExportedModel model = finished.model();
    card.put(
        ArenaPlan.of(model.architecture(), model.storage()),
        NetworkCost.of(model.architecture(), model.storage()).weightBytes());
    finished.leaving().exits().ifPresent(exits -> card.put(exits, paths));
    return store(plan, finished, scorecard, card, folder);
  }

  private Optional<RuntimeTuning> tuning(
      Plan plan, ExportedModel model, Examples validation, Scorecard scorecard) {
    if (!plan.task().hasRuntime()) {
      return Optional.empty();
    }
    RuntimeBudget budget = Wire.runtimeBudget(plan.task().getRuntime());
    double peak = scorecard.value(Metric.PEAK_MEMORY).orElseThrow();
    ThroughputMeter meter = new ThroughputMeter(latency.lock());
    return Optional.of(meter.tune(model.onnx(), validation, budget, peak));
  }

  private static double uncompressed(Plan plan) {
    long numbers = NetworkCost.of(plan.candidate().architecture(), Storage.FP32).parameters();
    return (double) numbers * Float.BYTES;
  }

  private TrainingSet training(Plan plan, Path folder) throws IOException, TaskFailedException {
    TrainingPlan training = plan.candidate().training();
    Optional<Split> unlabelled =
        training.distillation().isPresent() ? plan.data().unlabelled() : Optional.empty();
    Taught labelled = load(plan.data().train());
    Optional<Taught> more =
        unlabelled.isPresent() ? Optional.of(load(unlabelled.get())) : Optional.empty();
    return teachers.teach(training, labelled, more, plan.data().classes(), folder);
  }

  private Taught load(Split split) throws IOException {
    return new Taught(data.load(split), split.digest());
  }

  /** What the trainings of a trial took that led to the rung from which it goes on. */
  private static double secondsBefore(Plan plan) {
    List<Rung> rungs = plan.task().getRungsList();
    return rungs.isEmpty()
        ? 0
        : Wire.scorecard(rungs.get(rungs.size() - 1).getScorecard())
            .value(Metric.TRAIN_SECONDS)
            .orElse(0);
  }

  private Finished make(
      Plan plan, TrainingSet training, Examples validation, Path folder, TaskMonitor monitor)
      throws IOException, TaskFailedException {
    Engine engine = engines.get(plan.task().getEngine());
    Optional<CheckpointFile.Content> before = checkpoints.fetch(plan.task(), folder);
    float[] behind = before.map(CheckpointFile.Content::losses).orElse(new float[0]);
    int epochs = plan.stretch().until() - behind.length;
    TrainedProgress progress =
        new TrainedProgress(
            monitor, latency.lock(), epochs + plan.candidate().recipe().epochs(), behind);
    long seed = plan.task().getSeed();
    long start = SYSTEM.getProcessCpuTime();
    Network fresh = engine.fresh(plan.candidate().architecture(), plan.normalization(), seed);
    Network begun = ancestors.start(plan, fresh, folder);
    Optional<Engine.TrainedPart> part = Optional.empty();
    if (plan.stretch().pauses() || before.isPresent()) {
      part = Optional.of(part(engine, begun, plan, training, progress, before));
    }
    Network learned =
        part.isPresent()
            ? part.get().network()
            : engine.train(begun, plan.candidate().training(), training, seed, progress);
    Network trained = Condensation.deployed(learned);
    double cpuSeconds = secondsSince(start);
    Leaving.Rule rule = new Leaving.Rule(training.withLabels(), validation);
    double trainSeconds = cpuSeconds;
    progress.compressing(epochs);
    start = SYSTEM.getProcessCpuTime();
    Workbench bench =
        Workbench.of(
            engine,
            plan.candidate().training(),
            training,
            fresh,
            seed ^ COMPRESSION_SEED,
            progress);
    Compression compression = Compression.apply(plan.candidate().recipe(), trained, bench);
    cpuSeconds += secondsSince(start);
    Encoded encoded = compression.encoded();
    Leaving leaving = rule.of(encoded);
    ExportedModel model = ExportedModel.of(leaving.network(), encoded.encoding());
    List<Before> stages = Before.of(compression, rule, trainSeconds);
    return new Finished(
        learned,
        model,
        compression,
        stages,
        leaving,
        progress.curve(),
        part.map(Engine.TrainedPart::checkpoint),
        cpuSeconds);
  }

  private static Engine.TrainedPart part(
      Engine engine,
      Network begun,
      Plan plan,
      TrainingSet training,
      TrainedProgress progress,
      Optional<CheckpointFile.Content> before)
      throws TaskFailedException {
    try {
      return engine.trainPart(
          begun,
          plan.candidate().training(),
          training,
          plan.task().getSeed(),
          progress,
          before.map(CheckpointFile.Content::checkpoint),
          plan.stretch().until());
    } catch (IllegalArgumentException e) {
      throw new TaskFailedException(
          FailureKind.BAD_ARTIFACT, "artifact checkpoint: " + e.getMessage());
    }
  }

  private static double secondsSince(long startNanos) {
    return (SYSTEM.getProcessCpuTime() - startNanos) / 1e9;
  }

  private static Scored store(
      Plan plan, Finished finished, Scorecard scorecard, Card card, Path folder)
      throws IOException {
    Path weights = folder.resolve(TrialFiles.WEIGHTS);
    WeightsFile.write(finished.compression().encoded().network(), weights);
    String labels = String.join("\n", plan.data().outputNames()) + "\n";
    Scored.Builder scored =
        Scored.newBuilder()
            .setScorecard(Wire.message(scorecard))
            .addArtifacts(Artifacts.write(folder, TrialFiles.MODEL, finished.model().onnx()))
            .addArtifacts(Artifacts.write(folder, TrialFiles.PACKED, finished.model().packed()))
            .addArtifacts(Artifacts.write(folder, TrialFiles.CARD, card.json()))
            .addArtifacts(
                Artifacts.write(folder, TrialFiles.LABELS, labels.getBytes(StandardCharsets.UTF_8)))
            .addArtifacts(Artifacts.of(weights));
    if (plan.task().getHandOn()) {
      Path trained = folder.resolve(TrialFiles.TRAINED);
      WeightsFile.writePlain(finished.trained(), trained);
      scored.addArtifacts(Artifacts.of(trained));
    }
    for (int step = 0; step < finished.before().size(); step++) {
      byte[] onnx = finished.before().get(step).onnx();
      scored.addArtifacts(Artifacts.write(folder, TrialFiles.before(step), onnx));
    }
    return scored.build();
  }
}
