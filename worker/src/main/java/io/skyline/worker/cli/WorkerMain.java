package io.skyline.worker.cli;

import io.skyline.scorecard.BadInputException;
import io.skyline.scorecard.Build;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The commands that need natives: everything else runs on the coordinator's class path. */
@Command(
    name = "skyline",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class,
    scope = ScopeType.LOCAL,
    subcommands = {
      WorkerCommand.class,
      PredictCommand.class,
      UnpackCommand.class,
      VerifyCommand.class,
      CompressCommand.class,
      DeviceCommand.class,
      WorkerMain.Benchmark.class
    })
public final class WorkerMain {
  static final int BAD_INPUT = 2;

  private WorkerMain() {}

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"skyline " + Build.id()};
    }
  }

  /** {@code benchmark training}; its sibling {@code search} needs no natives. */
  @Command(
      name = "benchmark",
      mixinStandardHelpOptions = true,
      description = "Measures this machine.",
      subcommands = BenchmarkTrainingCommand.class)
  static final class Benchmark {}

  /** Runs a command and exits with its code: 0 done, 1 failed, 2 bad input. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new WorkerMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(WorkerMain::explain);
  }

  /** A user's mistake is a message; anything else is ours and goes to the log as well. */
  private static int explain(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof BadInputException) {
      command.getErr().println(e.getMessage());
      return BAD_INPUT;
    }
    LoggerFactory.getLogger(WorkerMain.class).error("command failed", e);
    command.getErr().println("skyline: " + e);
    return CommandLine.ExitCode.SOFTWARE;
  }
}
