package io.skyline.coordinator.cli;

import io.skyline.coordinator.journal.JournalException;
import io.skyline.scorecard.BadInputException;
import io.skyline.scorecard.Build;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** The commands of {@code skyline} that run on the coordinator's class path. */
@Command(
    name = "skyline",
    description = "Searches for the Pareto frontier of small models that fit a device.",
    mixinStandardHelpOptions = true,
    versionProvider = CoordinatorMain.Version.class,
    subcommands = {
      SearchCommand.class,
      StatusCommand.class,
      CancelCommand.class,
      ResumeCommand.class,
      FrontierCommand.class,
      ExportCommand.class,
      ExplainCommand.class,
      ValidateCommand.class,
      SpacesCommand.class,
      BenchmarkCommand.class,
      CoordinatorCommand.class
    },
    footer = {
      "",
      "And on a worker's class path; each has its own --help:",
      "  worker               Join a coordinator and evaluate its candidates.",
      "  predict              Classify images with an exported model.",
      "  unpack               Give back the model.onnx of a packed model.",
      "  compress             Apply a recipe to a trained model.",
      "  verify               Run a run's published models again, against their cards.",
      "  device calibrate     Measure this device, to predict latencies before training.",
      "  benchmark training   Measure the training engine; benchmark search runs here.",
      "",
      "Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted (and resumable)."
    })
public final class CoordinatorMain {
  private CoordinatorMain() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(CoordinatorMain.class, new Factory())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(CoordinatorMain::explain);
  }

  /** A user's mistake is a message; anything else is ours and goes to the log as well. */
  private static int explain(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof BadInputException) {
      err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    if (e instanceof CommandFailedException || e instanceof JournalException) {
      err.println("skyline: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    LoggerFactory.getLogger(CoordinatorMain.class).error("command failed", e);
    err.println("skyline: " + e);
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The root command has a private constructor because nobody else makes one. */
  private static final class Factory implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == CoordinatorMain.class
          ? type.cast(new CoordinatorMain())
          : CommandLine.defaultFactory().create(type);
    }
  }

  /** {@code skyline 0.1.0+1a2b3c4}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"skyline " + Build.id()};
    }
  }
}
