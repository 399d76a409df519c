package io.skyline.worker.trial;

import com.sun.management.OperatingSystemMXBean;
import io.skyline.cost.ArenaPlan;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.StepKind;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Waterfall;
import io.skyline.scorecard.Waterfall.Stage;
import io.skyline.worker.compress.Compression;
import io.skyline.worker.compress.Encoded;
import io.skyline.worker.compress.Workbench;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.ModelZip;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.PathLatencies;
import io.skyline.worker.score.Quality;
import io.skyline.worker.score.RuntimeTuning;
import io.skyline.worker.score.Scorer;
import io.skyline.worker.score.ThroughputMeter;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.TrainingSet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A recipe applied to a model that was trained before: what a trial does after its training, and
 * what a frontier's model gets when it is published.
 *
 * @param model as the user named it
 * @param network what was read of it
 * @param data to fine-tune and to judge with
 * @param recipe what to do
 * @param plan of fine-tuning; each step takes its share of the plan's peak rate
 * @param seed of all randomness
 */
public record RecipeApplication(
    TrainedModel model,
    Network network,
    ModelData data,
    Recipe recipe,
    TrainingPlan plan,
    long seed) {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /**
   * Checks that the recipe can be done to the model with the data.
   *
   * @throws UnusableModelException otherwise
   */
  public RecipeApplication {
    boolean numbers = network.normalization().target().isPresent();
    data.requireFor(network.architecture().classes(), numbers);
    for (Step step : recipe.steps()) {
      if (step instanceof MagnitudePruning pruning && pruning.rewinding() != Rewinding.NONE) {
        throw new UnusableModelException(
            step.text() + ": nobody knows what the training began with. Write rewinding: none.");
      }
      if (numbers && step.kind() == StepKind.DISTILLATION) {
        throw new UnusableModelException(
            step.text() + ": it teaches classes, but the model predicts a number. Remove it.");
      }
    }
    if (plan.batch() > data.training().count()) {
      throw new UnusableModelException(
          "a batch of %,d is more than the %,d training examples: choose a smaller --batch"
              .formatted(plan.batch(), data.training().count()));
    }
  }

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called often.
     *
     * @param stage in one word
     * @param fraction of the whole, 0..1
     */
    void at(String stage, double fraction);
  }

  /**
   * What came out.
   *
   * @param waterfall the model before the first step and after each
   * @param tuning settings of the runtime, if they were tried
   */
  public record Outcome(Waterfall waterfall, Optional<RuntimeTuning> tuning) {}

  /**
   * Compresses, exports and measures.
   *
   * @param runtime what trying settings of the runtime on the result may take; empty for none
   * @param folder where model.onnx, model.sky, model.zip, card.json and labels.txt go
   * @throws io.skyline.worker.train.DivergedException if fine-tuning diverged
   */
  public Outcome run(
      Engine engine,
      Latency latency,
      Optional<RuntimeBudget> runtime,
      Path folder,
      Progress progress)
      throws IOException {
    long start = SYSTEM.getProcessCpuTime();
    Compression compression = compress(engine, latency, progress);
    double seconds = (SYSTEM.getProcessCpuTime() - start) / 1e9;
    progress.at("measure", TrainedProgress.SHARE);
    Examples validation = data.validation();
    Leaving.Rule rule = new Leaving.Rule(data.training(), validation);
    Encoded encoded = compression.encoded();
    Leaving leaving = rule.of(encoded);
    ExportedModel exported = ExportedModel.of(leaving.network(), encoded.encoding());
    PathLatencies latencies = latency.meter().measurePaths(exported.onnx());
    List<Before> before = measured(Before.of(compression, rule), latency);
    Scorecard scorecard =
        Scorer.score(exported, validation)
            .with(Metric.UNCOMPRESSED, Measurement.exact(uncompressed()))
            .with(Metric.TRAIN_SECONDS, Measurement.exact(seconds))
            .with(Metric.LATENCY, latencies.expected());
    if (data.test().isPresent()) {
      scorecard = scorecard.with(tested(exported.onnx(), before.get(0).onnx(), data.test().get()));
    }
    double peak = scorecard.value(Metric.PEAK_MEMORY).orElseThrow();
    ThroughputMeter meter = new ThroughputMeter(latency.lock());
    Optional<RuntimeTuning> tuning =
        runtime.map(budget -> meter.tune(exported.onnx(), validation, budget, peak));
    if (tuning.isPresent()) {
      scorecard = scorecard.with(Metric.THROUGHPUT, tuning.get().throughput());
    }
    Card card = Card.of(this, scorecard, before);
    tuning.ifPresent(tried -> card.putRuntime(RuntimeJson.of(tried)));
    card.put(
        ArenaPlan.of(exported.architecture(), exported.storage()),
        NetworkCost.of(exported.architecture(), exported.storage()).weightBytes());
    leaving.exits().ifPresent(exits -> card.put(exits, latencies.paths()));
    write(engine, leaving.network(), exported, card, folder);
    progress.at("measure", 1);
    return new Outcome(waterfall(before, scorecard), tuning);
  }

  private Compression compress(Engine engine, Latency latency, Progress progress) {
    TaskMonitor monitor =
        new TaskMonitor() {
          @Override
          public void progress(String stage, double fraction) {
            progress.at(stage, fraction);
          }

          @Override
          public boolean cancelled() {
            return false; // Ctrl-C ends the process
          }
        };
    TrainedProgress trained = new TrainedProgress(monitor, latency.lock(), recipe.epochs());
    trained.compressing(0);
    TrainingSet training = TrainingSet.of(data.training());
    return Compression.apply(
        recipe, network, Workbench.of(engine, plan, training, network, seed, trained));
  }

  private List<Before> measured(List<Before> known, Latency latency) throws IOException {
    List<Before> measured = new ArrayList<>();
    for (Before stage : known) {
      Scorecard scorecard =
          stage
              .score(data.validation())
              .with(Metric.LATENCY, latency.meter().measure(stage.onnx()));
      measured.add(new Before(stage.step(), stage.onnx(), scorecard));
    }
    return measured;
  }

  private double uncompressed() {
    return (double) NetworkCost.of(network.architecture(), Storage.FP32).parameters() * Float.BYTES;
  }

  private static Scorecard tested(byte[] compressed, byte[] before, Examples test) {
    Scorecard tested = tested(compressed, test);
    return test.isRegression()
        ? tested
        : tested
            .with(Metric.TEST_ERROR, error(tested))
            .with(Metric.UNCOMPRESSED_TEST_ERROR, error(tested(before, test)));
  }

  private static Scorecard tested(byte[] onnx, Examples test) {
    try (ModelSession session = ModelSession.load(onnx)) {
      return Quality.onTest(Quality.of(session, test));
    }
  }

  private static Measurement error(Scorecard tested) {
    return Measurement.exact(1 - tested.value(Metric.TEST_ACCURACY).orElseThrow());
  }

  private void write(Engine engine, Network shipped, ExportedModel exported, Card card, Path folder)
      throws IOException {
    Examples validation = data.validation();
    Path zip = folder.resolve(TrialFiles.ZIPPED);
    ModelZip.write(shipped, zip);
    float[] zipped = ZippedModel.predict(zip, shipped.exits(), validation);
    card.put("trainer", Quality.of(engine.predict(shipped, validation), validation));
    card.put(
        "model_zip",
        Quality.of(zipped, validation)
            .with(Metric.DOWNLOAD, Measurement.exact((double) Files.size(zip))));
    Files.write(folder.resolve(TrialFiles.MODEL), exported.onnx());
    Files.write(folder.resolve(TrialFiles.PACKED), exported.packed());
    Files.write(folder.resolve(TrialFiles.CARD), card.json());
    String labels = String.join("\n", labels()) + "\n";
    Files.write(folder.resolve(TrialFiles.LABELS), labels.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> labels() {
    int outputs = network.architecture().classes();
    return model.labels().size() == outputs
        ? model.labels()
        : IntStream.range(0, outputs).mapToObj(Integer::toString).toList();
  }

  private Waterfall waterfall(List<Before> before, Scorecard scorecard) {
    List<Stage> stages = new ArrayList<>();
    before.forEach(stage -> stages.add(new Stage(stage.step(), stage.scorecard())));
    stages.add(new Stage(lastStep(), scorecard));
    return new Waterfall(stages);
  }

  /** The text of the recipe's last step. */
  String lastStep() {
    return recipe.steps().get(recipe.steps().size() - 1).text();
  }
}
