package io.skyline.worker.cli;

import io.skyline.cost.DeviceProfile;
import io.skyline.worker.device.Calibration;
import io.skyline.worker.trial.Latency;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code device}: what is known of this device. */
@Command(
    name = "device",
    mixinStandardHelpOptions = true,
    description = "Measures this device.",
    subcommands = DeviceCommand.Calibrate.class)
public final class DeviceCommand {
  private DeviceCommand() {}

  /** {@code device calibrate}: writes a device profile. */
  @Command(
      name = "calibrate",
      mixinStandardHelpOptions = true,
      description = {
        "Measures what each kind of layer costs on this device and writes a device profile.",
        "Searches whose config has 'device: FILE' predict latencies from it before training."
            + " Takes about four minutes; best on a machine that does nothing else."
      })
  static final class Calibrate implements Callable<Integer> {
    private static final int MOST = 100_000;

    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        defaultValue = "device-profile.yaml",
        description = "Where to write the profile. Default: ${DEFAULT-VALUE}")
    private Path out = Path.of("");

    @Option(
        names = "--networks",
        paramLabel = "N",
        defaultValue = "960",
        description = "Networks to measure, about five a second. Default: ${DEFAULT-VALUE}")
    private int networks;

    @Option(
        names = "--check",
        paramLabel = "N",
        defaultValue = "100",
        description =
            "Other random networks on which the predictions' error is found. Default:"
                + " ${DEFAULT-VALUE}")
    private int checked;

    @Override
    public Integer call() throws IOException {
      CommandSpec command = Objects.requireNonNull(spec);
      int fewest = Calibration.FEWEST;
      require(networks >= fewest && networks <= MOST, "--networks", fewest, networks);
      require(checked >= 1 && checked <= MOST, "--check", 1, checked);
      Path target = out.toAbsolutePath();
      Path parent = target.getParent();
      if (parent == null || Files.isDirectory(target) || !Files.isDirectory(parent)) {
        throw new UnusableFileException(out + ": --out names a file in a folder that exists");
      }
      PrintWriter console = command.commandLine().getOut();
      DeviceProfile profile;
      try (WorkerFolder folder = WorkerFolder.open(null);
          Latency latency = new Latency(folder.cache())) {
        Lines lines = new Lines(console, System.nanoTime());
        profile = new Calibration(latency.meter(), lines::print).run(networks, checked);
      }
      WholeFile.write(target, profile.yaml().getBytes(StandardCharsets.UTF_8));
      DeviceProfile.Error error = profile.error();
      console.printf(
          Locale.ROOT,
          "%s: over %d random models predictions are off by %.1f %% in the median and by %.1f %% at"
              + " the 95th percentile; rank correlation %.3f%n",
          out,
          error.models(),
          100 * error.median(),
          100 * error.p95(),
          error.rankCorrelation());
      console.flush();
      return 0;
    }

    private void require(boolean holds, String option, int least, int value) {
      if (!holds) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(),
            "%s must lie between %d and %d, not %d".formatted(option, least, MOST, value));
      }
    }
  }

  /** A line for every twentieth of the way, with what is left. */
  private record Lines(PrintWriter out, long start) {
    private static final int LINES = 20;

    void print(String phase, int done, int of) {
      if (done * LINES / of != (done - 1) * LINES / of) {
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
        String left =
            phase.equals("measure")
                ? String.format(Locale.ROOT, ", about %.0f s left", seconds / done * (of - done))
                : "";
        out.printf(Locale.ROOT, "%s %d of %d networks%s%n", phase, done, of, left);
        out.flush();
      }
    }
  }
}
