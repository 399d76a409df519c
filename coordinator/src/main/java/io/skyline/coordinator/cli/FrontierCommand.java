package io.skyline.coordinator.cli;

import io.skyline.coordinator.launch.StoredRun;
import io.skyline.coordinator.results.FrontierFormat;
import io.skyline.coordinator.results.FrontierPicture;
import io.skyline.coordinator.results.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline frontier RUN}: the models that nothing dominates, of a run at any stage. */
@Command(
    name = "frontier",
    description = "Shows the Pareto frontier of a run, finished or not.",
    mixinStandardHelpOptions = true)
final class FrontierCommand implements Callable<Integer> {
  /** What can be asked for. */
  enum Format {
    TABLE,
    CSV,
    JSON,
    PNG
  }

  @Parameters(
      paramLabel = "RUN",
      description = "the run's folder; with --coordinator its name there")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path run;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: table)")
  private Format format = Format.TABLE;

  @Option(names = "--out", paramLabel = "FILE", description = "write there; png needs it")
  private @Nullable Path out;

  @Option(names = "--coordinator", paramLabel = "HOST:PORT", description = "ask this coordinator")
  private @Nullable String coordinator;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (format == Format.PNG) {
      return picture();
    }
    String word = format.name().toLowerCase(Locale.ROOT);
    String text;
    if (coordinator != null) {
      try (RemoteCoordinator remote = RemoteCoordinator.connect(coordinator)) {
        text = remote.frontier(run.toString(), word);
      }
    } else {
      RunFolder folder = RunFolder.open(run);
      Optional<RemoteCoordinator> live = LiveRun.coordinator(folder);
      if (live.isPresent()) {
        try (RemoteCoordinator remote = live.get()) {
          text = remote.frontier(folder.name(), word);
        }
      } else {
        text = FrontierFormat.valueOf(format.name()).text(StoredRun.read(folder).state());
      }
    }
    if (out == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(out, text);
    }
    return 0;
  }

  private int picture() throws Exception {
    if (out == null || coordinator != null) {
      throw new CommandFailedException("a picture needs --out FILE.png and a run's folder");
    }
    Files.write(out, FrontierPicture.png(StoredRun.read(RunFolder.open(run)).state()));
    return 0;
  }
}
