package io.skyline.coordinator.cli;

import io.skyline.coordinator.results.WaterfallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline explain RUN TRIAL}: what each step of a model's recipe cost and gained. */
@Command(
    name = "explain",
    description = "Shows what each step of a trial's recipe cost and gained.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final String CARD = "card.json";

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "the run's folder; with --coordinator its name there")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path run;

  @Parameters(index = "1", paramLabel = "TRIAL", description = "the trial's number")
  private int trial;

  @Option(names = "--coordinator", paramLabel = "HOST:PORT", description = "ask this coordinator")
  private @Nullable String coordinator;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("skyline-explain");
    try {
      Path files = folder.resolve("files");
      new TrialExport(run, trial, coordinator).to(name -> files.toString());
      spec.commandLine().getOut().print(WaterfallTable.of(files.resolve(CARD)));
      spec.commandLine().getOut().flush();
      return 0;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> inside = Files.walk(folder)) {
      List<Path> deepestFirst = inside.sorted((a, b) -> b.compareTo(a)).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
