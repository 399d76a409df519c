package io.skyline.worker.trial;

import com.sun.management.OperatingSystemMXBean;
import io.skyline.cost.ArenaPlan;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Scorecard;
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

  TrialPipeline(
      DataCache data, Teachers teachers, Ancestors ancestors, Engines engines, Latency latency) {
    this.data = data;
    this.ancestors = ancestors;
    this.teachers = teachers;
    this.engines = engines;
    this.latency = latency;
  }

  /** What there is after compression. */
  private record Finished(
      Network trained,
      ExportedModel model,
      Compression compression,
      List<Before> before,
      Leaving leaving,
      LossCurve losses,
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
    Finished finished = make(plan, training, validation, folder, monitor);
    monitor.check();
    monitor.progress("score", TrainedProgress.SHARE);
    Scorecard scorecard =
        Scorer.score(finished.model(), validation)
            .with(Metric.UNCOMPRESSED, Measurement.exact(uncompressed(plan)))
            .with(Metric.TRAIN_SECONDS, Measurement.exact(finished.cpuSeconds()));
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
    Optional<RuntimeTuning> tuning = tuning(plan, finished.model(), validation, scorecard);
    if (tuning.isPresent()) {
      scorecard = scorecard.with(Metric.THROUGHPUT, tuning.get().throughput());
    }
    Card card = Card.of(plan, scorecard, finished.before());
    card.put(finished.losses());
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

  private Finished make(
      Plan plan, TrainingSet training, Examples validation, Path folder, TaskMonitor monitor) {
    Engine engine = engines.get(plan.task().getEngine());
    TrainedProgress progress = new TrainedProgress(monitor, latency.lock(), plan.epochs());
    long seed = plan.task().getSeed();
    long start = SYSTEM.getProcessCpuTime();
    Network fresh = engine.fresh(plan.candidate().architecture(), plan.normalization(), seed);
    Network begun = ancestors.start(plan, fresh, folder);
    Network learned = engine.train(begun, plan.candidate().training(), training, seed, progress);
    Network trained = Condensation.deployed(learned);
    double cpuSeconds = secondsSince(start);
    Leaving.Rule rule = new Leaving.Rule(training.withLabels(), validation);
    double trainSeconds = cpuSeconds;
    progress.compressing(plan.candidate().training().epochs());
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
    List<Before> before = Before.of(compression, rule, trainSeconds);
    return new Finished(learned, model, compression, before, leaving, progress.curve(), cpuSeconds);
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
