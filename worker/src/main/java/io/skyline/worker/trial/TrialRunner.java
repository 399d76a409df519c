package io.skyline.worker.trial;

import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.Assign;
import io.skyline.v1.Measure;
import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.data.DataCache;
import io.skyline.worker.score.RuntimeTuning;
import io.skyline.worker.score.ThroughputMeter;
import io.skyline.worker.train.NumericFingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a child process does with the tasks of a search. */
final class TrialRunner implements TaskRunner {
  /** The system property that names the folder which this machine's workers share. */
  static final String CACHE = "skyline.cache";

  private static final long DATA_BUDGET = 32L << 30;

  private final ArtifactSource source;
  private final Engines engines = new Engines();
  private final Spaces spaces = new Spaces();
  private final Latency latency;
  private final DataCache data;
  private final TrialPipeline pipeline;
  private final Publication publication;
  private final SharedTasks shared;

  TrialRunner(ArtifactSource source) {
    Path cache = Path.of(System.getProperty(CACHE, System.getProperty("java.io.tmpdir")));
    this.source = source;
    this.latency = new Latency(cache);
    try {
      this.data = new DataCache(cache.resolve("data"), DATA_BUDGET, source);
      Teachers teachers = new Teachers(cache.resolve("teachers"), source);
      this.pipeline =
          new TrialPipeline(
              data, teachers, new Ancestors(source), engines, latency, new Checkpoints(source));
      this.shared = new SharedTasks(source, data, spaces, engines, latency.lock());
      this.publication = new Publication(source, data, spaces, engines, latency);
    } catch (IOException e) {
      throw new UncheckedIOException("the cache " + cache + " cannot be used", e);
    }
  }

  @Override
  public Scored run(RunTask task, TaskMonitor monitor) throws Exception {
    Path folder = Path.of(task.getFolder());
    Assign assign = task.getAssign();
    return switch (assign.getTaskCase()) {
      case TRAIN -> pipeline.run(Plan.of(assign.getTrain(), spaces), folder, monitor);
      case MEASURE -> measure(assign.getMeasure(), folder, monitor);
      case TEST -> publication.run(assign.getTest(), folder, monitor);
      case SHARE -> shared.share(assign.getShare(), folder, monitor);
      case EVALUATE -> shared.evaluate(assign.getEvaluate(), folder, monitor);
      case TASK_NOT_SET -> throw new IllegalArgumentException("a task of a newer coordinator");
    };
  }

  private Scored measure(Measure task, Path folder, TaskMonitor monitor)
      throws IOException, TaskFailedException {
    monitor.progress("measure", 0);
    Path file = Files.createTempFile(folder, "model", ".onnx");
    source.fetch(task.getModel().getDigest(), file);
    Artifacts.verify(file, task.getModel().getDigest());
    byte[] onnx = Files.readAllBytes(file);
    Scorecard scorecard = Scorecard.EMPTY.with(Metric.LATENCY, latency.meter().measure(onnx));
    Scored.Builder scored = Scored.newBuilder();
    if (task.hasRuntime()) {
      monitor.check();
      RuntimeTuning tuning =
          new ThroughputMeter(latency.lock())
              .tune(
                  onnx,
                  data.load(Wire.dataCard(task.getData()).validation()),
                  Wire.runtimeBudget(task.getRuntime()),
                  task.getPeakMemory());
      scorecard = scorecard.with(Metric.THROUGHPUT, tuning.throughput());
      scored.addArtifacts(Artifacts.write(folder, TrialFiles.RUNTIME, RuntimeJson.bytes(tuning)));
    }
    return scored.setScorecard(Wire.message(scorecard)).build();
  }

  @Override
  public String fingerprint() {
    return NumericFingerprint.of(engines.get("onednn"));
  }
}
