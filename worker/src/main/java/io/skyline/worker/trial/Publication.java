package io.skyline.worker.trial;

import io.skyline.architecture.Architecture;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Scored;
import io.skyline.v1.Test;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.data.DataCache;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.ModelZip;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Test task: what only a published model gets.
 *
 * <p>Its quality on test data, and what the trainer itself says of it; model.zip, which costs
 * DL4J's start and memory and is therefore not written in every trial but here, from the trial's
 * {@link WeightsFile}; quality, size and latency of its float32 counterpart; and the card with all
 * of it.
 */
final class Publication {
  private final ArtifactSource source;
  private final DataCache data;
  private final Spaces spaces;
  private final Engines engines;
  private final Latency latency;

  Publication(
      ArtifactSource source, DataCache data, Spaces spaces, Engines engines, Latency latency) {
    this.source = source;
    this.data = data;
    this.spaces = spaces;
    this.engines = engines;
    this.latency = latency;
  }

  /** Publishes; the result holds the quality on test data, model.zip and card.json. */
  Scored run(Test task, Path folder, TaskMonitor monitor) throws IOException, TaskFailedException {
    Plan plan = Plan.of(task.getTrain(), spaces);
    DataCard splits = Wire.dataCard(task.getData());
    Card card = Card.read(fetch(task, TrialFiles.CARD, folder));
    monitor.progress("score", 0.1);
    Scorecard tested = tested(plan, task, data.load(splits.test()), folder);
    Scorecard scorecard = Wire.scorecard(task.getScorecard()).with(tested);
    card.put("scorecard", scorecard);
    card.putTestSplit(splits.test());
    Optional<ArtifactRef> runtime = artifact(task, TrialFiles.RUNTIME);
    if (runtime.isPresent()) {
      card.putRuntime(RuntimeJson.read(fetch(runtime.get(), folder)));
    }
    monitor.check();
    monitor.progress("export", 0.3);
    Path zip = folder.resolve(TrialFiles.ZIPPED);
    Engine engine = engines.get(plan.task().getEngine());
    Network network =
        network(plan, engine, fetch(task, TrialFiles.WEIGHTS, folder)).with(card.exits());
    Examples validation = data.load(splits.validation());
    card.put("trainer", Quality.of(engine.predict(network, validation), validation));
    ModelZip.write(network, zip);
    card.put("model_zip", zipped(zip, network.exits(), validation));
    monitor.check();
    monitor.progress("measure", 0.7);
    if (plan.compresses()) {
      compare(plan, task, card, scorecard, validation, folder);
    }
    return Scored.newBuilder()
        .setScorecard(Wire.message(tested))
        .addArtifacts(Artifacts.of(zip))
        .addArtifacts(Artifacts.write(folder, TrialFiles.CARD, card.json()))
        .build();
  }

  private Path fetch(Test task, String name, Path folder) throws IOException, TaskFailedException {
    Optional<ArtifactRef> artifact = artifact(task, name);
    if (artifact.isEmpty()) {
      throw new TaskFailedException(
          FailureKind.BAD_ARTIFACT, "trial " + task.getTrial() + " has no artifact " + name);
    }
    return fetch(artifact.get(), folder);
  }

  private static Optional<ArtifactRef> artifact(Test task, String name) {
    return task.getArtifactsList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  private Path fetch(ArtifactRef artifact, Path folder) throws IOException, TaskFailedException {
    Path file = Files.createTempFile(folder, "fetched", ".part");
    source.fetch(artifact.getDigest(), file);
    Artifacts.verify(file, artifact.getDigest());
    return file;
  }

  private Scorecard tested(Plan plan, Test task, Examples examples, Path folder)
      throws IOException, TaskFailedException {
    Scorecard tested = tested(fetch(task.getModel(), folder), examples);
    if (examples.isRegression()) {
      return tested;
    }
    Scorecard uncompressed =
        plan.compresses() ? tested(fetch(task, TrialFiles.UNCOMPRESSED, folder), examples) : tested;
    return tested
        .with(Metric.TEST_ERROR, Measurement.exact(error(tested)))
        .with(Metric.UNCOMPRESSED_TEST_ERROR, Measurement.exact(error(uncompressed)));
  }

  private static double error(Scorecard tested) {
    return 1 - tested.value(Metric.TEST_ACCURACY).orElseThrow();
  }

  private static Scorecard tested(Path onnx, Examples examples) throws IOException {
    try (ModelSession session = ModelSession.load(Files.readAllBytes(onnx))) {
      return Quality.onTest(Quality.of(session, examples));
    }
  }

  /** The network that was exported: the plan gives its layers, the file what training gave. */
  private static Network network(Plan plan, Engine engine, Path weights)
      throws IOException, TaskFailedException {
    Set<String> layers = WeightsFile.layers(weights);
    Architecture deployed =
        plan.candidate().recipe().deployed(plan.candidate().architecture(), layers::contains);
    Network fresh = engine.fresh(deployed, plan.normalization(), 0);
    Architecture folded = BatchNormFolding.fold(fresh).architecture();
    return WeightsFile.read(weights, folded, plan.normalization());
  }

  private static Scorecard zipped(Path zip, ExitPolicy exits, Examples validation)
      throws IOException {
    return Quality.of(ZippedModel.predict(zip, exits, validation), validation)
        .with(Metric.DOWNLOAD, Measurement.exact((double) Files.size(zip)));
  }

  /** What each step of the recipe cost and gained, from the files that it left. */
  private void compare(
      Plan plan, Test task, Card card, Scorecard compressed, Examples validation, Path folder)
      throws IOException, TaskFailedException {
    boolean timed = compressed.measurements().containsKey(Metric.LATENCY);
    List<Before> stages = new ArrayList<>();
    for (Before known : card.before()) {
      String name = TrialFiles.before(stages.size());
      byte[] onnx = Files.readAllBytes(fetch(task, name, folder));
      Scorecard measured = new Before(known.step(), onnx, known.scorecard()).score(validation);
      if (timed) {
        measured = measured.with(Metric.LATENCY, latency.meter().measure(onnx));
      }
      stages.add(new Before(known.step(), onnx, measured));
    }
    // beside its stages: the scorecard's may be of another machine
    byte[] onnx = Files.readAllBytes(fetch(task.getModel(), folder));
    card.putWaterfall(
        stages,
        plan.lastStep(),
        timed ? compressed.with(Metric.LATENCY, latency.meter().measure(onnx)) : compressed);
  }
}
