package io.skyline.worker.cli;

import io.skyline.scorecard.BadInputException;
import io.skyline.worker.score.UnreadableModelException;
import io.skyline.worker.trial.PublishedModel;
import io.skyline.worker.trial.PublishedModel.Check;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify RUN}: whether the published models are what their cards say. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Runs every published model again and holds it against its card.",
      "model.onnx in ONNX Runtime, model.zip in DL4J, what the trainer said of it when it was"
          + " published, and the files' sizes; exits with 1 if one disagrees."
    })
public final class VerifyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "RUN", description = "A run's folder: runs/fashion-1")
  private Path run = Path.of("");

  @Override
  public Integer call() throws IOException {
    List<Path> models = models();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    int agreeing = 0;
    for (Path model : models) {
      out.println("model " + model.getFileName());
      agreeing += agrees(model, out) ? 1 : 0;
      out.flush();
    }
    boolean all = agreeing == models.size();
    out.println(
        all
            ? "All %d models are what their cards say.".formatted(agreeing)
            : "%d of %d models are NOT what their cards say."
                .formatted(models.size() - agreeing, models.size()));
    out.flush();
    return all ? 0 : 1;
  }

  private List<Path> models() throws IOException {
    Path folder = run.resolve("models");
    if (!Files.isDirectory(folder)) {
      throw new UnusableFileException(run + ": no run that has published models");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> models =
          entries
              .filter(Files::isDirectory)
              .sorted(Comparator.comparing(VerifyCommand::number))
              .toList();
      if (models.isEmpty()) {
        throw new UnusableFileException(folder + ": holds no model");
      }
      return models;
    }
  }

  /** Trials in the order of their numbers; anything else behind them. */
  private static long number(Path model) {
    String name = String.valueOf(model.getFileName());
    return name.matches("\\d{1,18}") ? Long.parseLong(name) : Long.MAX_VALUE;
  }

  private boolean agrees(Path model, PrintWriter out) {
    try {
      List<Check> checks = PublishedModel.check(model, run.resolve("artifacts"));
      checks.forEach(check -> out.println(line(check)));
      return checks.stream().allMatch(Check::agrees);
    } catch (NoSuchFileException e) {
      out.println("  missing: " + e.getMessage() + " (an interrupted run? see skyline resume)");
    } catch (IOException | BadInputException | UnreadableModelException e) {
      out.println("  unusable: " + e.getMessage());
    }
    return false;
  }

  private static String line(Check check) {
    return "  %-31s %14s   card %14s   %s"
        .formatted(
            check.what(), check.found(), check.said(), check.agrees() ? "agrees" : "DISAGREES");
  }
}
