package io.skyline.coordinator.cli;

import io.skyline.coordinator.results.RunFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline cancel RUN}: ends a running search before its budget. */
@Command(
    name = "cancel",
    description = "Ends a running search; what it has found stays, and it can be resumed.",
    mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "RUN",
      description = "the run's folder; with --coordinator its name there")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path run;

  @Option(names = "--coordinator", paramLabel = "HOST:PORT", description = "ask this coordinator")
  private @Nullable String coordinator;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    String name = coordinator == null ? RunFolder.open(run).name() : run.toString();
    try (RemoteCoordinator remote =
        coordinator == null
            ? LiveRun.coordinator(RunFolder.open(run))
                .orElseThrow(() -> new CommandFailedException(name + " does not run now"))
            : RemoteCoordinator.connect(coordinator)) {
      spec.commandLine().getOut().println(name + ": " + remote.cancel(name));
      spec.commandLine().getOut().flush();
      return 0;
    }
  }
}
