package io.skyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code configs/repeatable.yaml}: the same frontier.csv, byte for byte, whatever happens. */
@Tag("full")
final class RepeatableTest {
  private static final String CONFIG = Distribution.CONFIGS.resolve("repeatable.yaml").toString();
  private static final Pattern FINISHED = Pattern.compile("(\\d+) of \\d+ finished");
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNothingRunning() {
    started.forEach(Distribution::kill);
  }

  @Test
  void sameFrontierFromAnyWorkersAndThroughAnyCrash() throws Exception {
    Distribution.run(folder, "search", CONFIG).succeeded();
    String expected = frontier(1);
    assertThat(Files.readAllLines(run(1).resolve("trials.csv"))).hasSizeGreaterThanOrEqualTo(25);

    Distribution.run(folder, "search", CONFIG, "--set", "workers.local=1").succeeded();
    assertThat(frontier(2)).as("one worker").isEqualTo(expected);

    Path output = folder.resolve("killed.txt");
    killAfter(5, output, "search", CONFIG);
    killAfter(9, output, "resume", run(3).toString());
    Distribution.run(folder, "resume", run(3).toString()).succeeded();
    assertThat(frontier(3)).as("coordinator killed twice").isEqualTo(expected);

    Path outputOfFourth = folder.resolve("fourth.txt");
    Process fourth = start(outputOfFourth, "search", CONFIG);
    await().atMost(PATIENCE).until(() -> finished(outputOfFourth) >= 5);
    ProcessHandle worker = aWorker(fourth).orElseThrow();
    worker.descendants().forEach(ProcessHandle::destroyForcibly);
    worker.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !fourth.isAlive());
    assertThat(fourth.exitValue()).isZero();
    assertThat(frontier(4)).as("worker killed").isEqualTo(expected);
  }

  private void killAfter(int trials, Path output, String... command) throws Exception {
    Process search = start(output, command);
    await().atMost(PATIENCE).until(() -> finished(output) >= trials);
    Distribution.kill(search);
    await().atMost(PATIENCE).until(() -> !search.isAlive());
  }

  private Process start(Path output, String... command) throws Exception {
    Process process = Distribution.start(folder, output, command);
    started.add(process);
    return process;
  }

  private static int finished(Path output) {
    int last = 0;
    Matcher matcher = FINISHED.matcher(Distribution.text(output));
    while (matcher.find()) {
      last = Integer.parseInt(matcher.group(1));
    }
    return last;
  }

  private static Optional<ProcessHandle> aWorker(Process search) {
    return search.children().findFirst();
  }

  private Path run(int number) {
    return folder.resolve("runs").resolve("repeatable-" + number);
  }

  private String frontier(int number) throws Exception {
    return Files.readString(run(number).resolve("frontier.csv"));
  }
}
