package io.skyline.coordinator.cli;

import io.skyline.coordinator.results.RunFolder;
import io.skyline.scorecard.BadInputException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline resume RUN}: goes on with a run from its journal. */
@Command(
    name = "resume",
    description = "Goes on with an interrupted, cancelled or finished run.",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "the run's folder, such as runs/fashion-1")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path run;

  @Option(
      names = "--trials",
      paramLabel = "+N",
      description = "trials to add to the budget, such as +50",
      defaultValue = "+0")
  private String trials = "+0";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!trials.matches("\\+[0-9]{1,6}")) {
      throw new WrongNumberException(
          "--trials '" + trials + "' is no number to add; write +50 for 50 more trials");
    }
    int more = Integer.parseInt(trials.substring(1));
    return LocalSearch.resume(RunFolder.open(run), more, spec.commandLine().getOut());
  }

  private static final class WrongNumberException extends BadInputException {
    private static final long serialVersionUID = 1L;

    WrongNumberException(String message) {
      super(message);
    }
  }
}
