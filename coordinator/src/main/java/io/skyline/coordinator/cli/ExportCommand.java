package io.skyline.coordinator.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline export RUN TRIAL}: the files of any scored trial, on the frontier or not. */
@Command(
    name = "export",
    description = "Copies a trial's model files out of a run.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "the run's folder; with --coordinator its name there")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path run;

  @Parameters(index = "1", paramLabel = "TRIAL", description = "the trial's number")
  private int trial;

  @Option(names = "--out", paramLabel = "DIR", description = "folder (default: RUN-TRIAL)")
  private @Nullable Path out;

  @Option(names = "--coordinator", paramLabel = "HOST:PORT", description = "ask this coordinator")
  private @Nullable String coordinator;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path target =
        new TrialExport(run, trial, coordinator)
            .to(name -> out == null ? name + "-" + trial : out.toString());
    spec.commandLine().getOut().println(target);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
