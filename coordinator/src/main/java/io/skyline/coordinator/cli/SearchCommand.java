package io.skyline.coordinator.cli;

import io.skyline.coordinator.config.ConfigReader;
import io.skyline.coordinator.config.SearchConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline search CONFIG}: runs a search here, or hands it to a running coordinator. */
@Command(
    name = "search",
    description = "Runs a search and writes its frontier; Ctrl-C leaves a run to resume.",
    mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CONFIG", description = "the config file, see docs/config.md")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path config;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder of the runs (default: ${DEFAULT-VALUE})",
      defaultValue = "runs")
  private Path out = Path.of("runs");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "lay a value over the config, such as --set budget.trials=9")
  private List<String> overrides = List.of();

  @Option(
      names = "--coordinator",
      paramLabel = "HOST:PORT",
      description = "hand the search to this coordinator; its machine reads the data")
  private @Nullable String coordinator;

  @Option(
      names = "--warm-start",
      paramLabel = "RUN",
      description = "let the controller learn from this earlier run first; may be repeated")
  private List<Path> warmStart = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private List<String> overrides() {
    List<String> all = new ArrayList<>(overrides);
    if (!warmStart.isEmpty()) {
      // paths on the command line start from where it is given
      all.add(
          warmStart.stream()
              .map(run -> "'" + run.toAbsolutePath().toString().replace("'", "''") + "'")
              .collect(Collectors.joining(", ", "warm_start=[", "]")));
    }
    return all;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter text = spec.commandLine().getOut();
    SearchConfig read = ConfigReader.read(config, overrides());
    if (read.search().slotsIdle()) {
      text.printf(
          "More workers than the lookahead of %d can use; raise lookahead to keep them busy.%n",
          read.search().lookahead());
    }
    if (coordinator == null) {
      return LocalSearch.begin(read, out, text);
    }
    try (RemoteCoordinator remote = RemoteCoordinator.connect(coordinator)) {
      String search = remote.submit(read.yaml(), String.valueOf(config.getFileName()));
      text.printf(
          "%s runs there. Watch it with: skyline status --coordinator %s%n", search, coordinator);
      text.flush();
      return 0;
    }
  }
}
