package io.skyline.worker.cli;

import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.space.RecipeReader;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.ZipReader;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.DivergedException;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.trial.Latency;
import io.skyline.worker.trial.ModelData;
import io.skyline.worker.trial.RecipeApplication;
import io.skyline.worker.trial.RecipeApplication.Outcome;
import io.skyline.worker.trial.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compress}: applies a recipe to a model that was trained before. */
@Command(
    name = "compress",
    mixinStandardHelpOptions = true,
    description = {
      "Applies a recipe to a trained model and shows what each step cost and gained.",
      "Writes model.onnx, model.sky, model.zip, card.json and labels.txt."
    })
public final class CompressCommand implements Callable<Integer> {
  private static final int PROBES = 8;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "A frontier's model (runs/fashion-1/models/7), or a zip of DL4J: a ComputationGraph or a"
              + " MultiLayerNetwork.")
  private Path model = Path.of("");

  @Option(
      names = "--recipe",
      required = true,
      paramLabel = "FILE",
      description =
          "YAML: what a space has under 'recipe', with one value for each setting; for example,"
              + " [channel-pruning: {ratio: 0.5}, quantization: {to: int8}].")
  private Path recipe = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "A run's folder, whose data is used, or a folder of IDX files. Default: the run in which"
              + " the model lies.")
  private @Nullable Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "compressed",
      description = "Where the result goes. Default: ${DEFAULT-VALUE}")
  private Path out = Path.of("");

  @Option(names = "--force", description = "Replace the files of a model that lies there.")
  private boolean force;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description =
          "Of the model's training; steps fine-tune at their share of it. Default: its card's,"
              + " else 0.01.")
  private @Nullable Double learningRate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples a step of fine-tuning. Default: its card's, else 64.")
  private @Nullable Integer batch;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of all randomness. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      description =
          "What a user's model wants subtracted from raw values, one for all channels or one each.")
  private List<Float> means = List.of();

  @Option(
      names = "--deviation",
      paramLabel = "D",
      split = ",",
      description = "What it wants them divided by then: 255 for pixels scaled to 0..1.")
  private List<Float> deviations = List.of();

  @Option(
      names = "--tune",
      description =
          "Also try threads, batch and parallel streams of the runtime on the result, for two"
              + " seconds: throughput in card.json.")
  private boolean tune;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "What workers know of this machine. Default: as in skyline worker.")
  private @Nullable Path cache;

  @Override
  public Integer call() throws IOException {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    Recipe steps = RecipeReader.read(recipe);
    TrainedModel trained = TrainedModel.at(model);
    TrainingPlan plan = plan(trained);
    ProgressLine line = new ProgressLine(command.getErr(), System.console() != null);
    try (OutputFolder target = OutputFolder.open(out, force);
        WorkerFolder folder = WorkerFolder.open(cache);
        Latency latency = new Latency(folder.cache())) {
      ModelData examples = data(trained);
      OneDnnEngine engine = new OneDnnEngine();
      Network network = read(trained, examples.training(), engine);
      RecipeApplication application =
          new RecipeApplication(trained, network, examples, steps, plan, seed);
      Optional<RuntimeBudget> runtime =
          tune ? Optional.of(RuntimeBudget.STANDARD) : Optional.empty();
      Outcome outcome = application.run(engine, latency, runtime, target.part(), line::at);
      line.end();
      target.publish();
      command.getOut().print(outcome.waterfall().text());
      outcome.tuning().ifPresent(tried -> command.getOut().println(tried.fastest().text()));
      command.getOut().println("written to " + out);
      command.getOut().flush();
      return 0;
    } catch (DivergedException e) {
      line.end();
      command.getErr().println(e.getMessage() + "; try a smaller --learning-rate");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private TrainingPlan plan(TrainedModel trained) {
    TrainingPlan plan = trained.plan().orElse(TrainingPlan.standard(1));
    Integer examples = batch;
    Double rate = learningRate;
    if (examples != null && (examples < 1 || examples > 4096)) {
      throw new UnusableFileException("--batch must lie between 1 and 4096, not " + examples);
    }
    if (rate != null && !(rate > 0 && rate <= 100)) {
      throw new UnusableFileException("--learning-rate must lie between 0 and 100, not " + rate);
    }
    TrainingPlan batched = examples == null ? plan : plan.withBatch(examples);
    return rate == null ? batched : batched.withLearningRate(rate);
  }

  private ModelData data(TrainedModel trained) throws IOException {
    Path given = data;
    if (given == null) {
      return ModelData.ofRun(
          trained,
          trained
              .run()
              .orElseThrow(
                  () ->
                      new UnusableFileException(
                          model
                              + ": it lies in no run that has its data: name data to fine-tune"
                              + " and to judge with by --data")));
    }
    if (!Files.isDirectory(given)) {
      throw new UnusableFileException(
          given + ": no such folder; --data names a run's or one of" + " IDX files");
    }
    return Files.isDirectory(given.resolve("artifacts"))
        ? ModelData.ofRun(trained, given)
        : ModelData.ofFolder(given, seed);
  }

  private Network read(TrainedModel trained, Examples training, OneDnnEngine engine)
      throws IOException {
    int channels = training.shape().channels();
    Optional<Normalization> normalization = Optional.empty();
    if (!means.isEmpty() || !deviations.isEmpty()) {
      List<Float> divisors = each("--deviation", deviations, 1f, channels);
      if (divisors.stream().anyMatch(d -> !(d > 0))) {
        throw new UnusableFileException("--deviation must be above 0, not " + deviations);
      }
      normalization = Optional.of(new Normalization(each("--mean", means, 0f, channels), divisors));
    }
    return new ZipReader(engine).read(trained.zip(), training.spread(PROBES), normalization);
  }

  private static List<Float> each(String option, List<Float> given, float otherwise, int channels) {
    if (given.size() == channels) {
      return given;
    }
    if (given.size() > 1) {
      throw new UnusableFileException(
          option + " gives " + given.size() + " numbers for " + channels + " channels");
    }
    return Collections.nCopies(channels, given.isEmpty() ? otherwise : given.get(0));
  }
}
