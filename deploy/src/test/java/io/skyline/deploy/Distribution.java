package io.skyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The distribution that this build made, started as a user starts it. */
final class Distribution {
  static final Path HOME = Path.of("target", "skyline").toAbsolutePath();
  static final Path CONFIGS = Path.of("..", "configs").toAbsolutePath().normalize();

  private Distribution() {}

  /** What a command left. */
  record Result(int exitCode, String output) {
    Result succeeded() {
      assertThat(exitCode).as(output).isZero();
      return this;
    }
  }

  /** Runs a command to its end. */
  static Result run(Path folder, String... arguments) throws Exception {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process = start(folder, output, arguments);
    if (!process.waitFor(15, TimeUnit.MINUTES)) {
      kill(process);
    }
    process.waitFor();
    return new Result(process.exitValue(), text(output));
  }

  /** Starts a command whose output goes to a file. */
  static Process start(Path folder, Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(HOME.resolve("bin").resolve("skyline").toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills a process and everything that it started, without a warning. */
  static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
