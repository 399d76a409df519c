package io.skyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator and a worker on two terminals, and a search handed to them. */
final class ClusterTest {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Pattern ADDRESS = Pattern.compile("Coordinator on (\\S+)");

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNothingRunning() {
    started.forEach(Distribution::kill);
  }

  @Test
  void aSearchIsHandedToACoordinatorWithWorkersThatJoined() throws Exception {
    Path output = folder.resolve("coordinator.txt");
    start(output, "coordinator", "--listen", "127.0.0.1:0");
    await().atMost(PATIENCE).until(() -> ADDRESS.matcher(Distribution.text(output)).find());
    Matcher announced = ADDRESS.matcher(Distribution.text(output));
    assertThat(announced.find()).isTrue();
    String address = announced.group(1);
    start(folder.resolve("worker.txt"), "worker", "--join", address);

    Distribution.run(
            folder,
            "search",
            Distribution.CONFIGS.resolve("random.yaml").toString(),
            "--set",
            "budget.trials=2",
            "--set",
            "budget.epochs=1",
            "--coordinator",
            address)
        .succeeded();

    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(3))
        .until(
            () ->
                Distribution.run(folder, "status", "--coordinator", address)
                    .succeeded()
                    .output()
                    .contains("random-1: done"));
    assertThat(
            Distribution.run(folder, "frontier", "random-1", "--coordinator", address)
                .succeeded()
                .output())
        .contains("accuracy");
    Path frontier = folder.resolve("runs").resolve("random-1").resolve("frontier.csv");
    await().atMost(PATIENCE).until(() -> Files.exists(frontier));

    // without its coordinator the run's models are to be had, but it is not anyone else's to go on
    started.forEach(Distribution::kill);
    for (Process process : started) {
      process.waitFor();
    }
    String run = frontier.getParent().toString();
    Distribution.run(folder, "export", run, "1", "--out", "one").succeeded();
    assertThat(folder.resolve("one").resolve("model.onnx")).isNotEmptyFile();
    Distribution.Result resumed = Distribution.run(folder, "resume", run, "--trials", "+1");
    assertThat(resumed.exitCode()).isEqualTo(1);
    assertThat(resumed.output()).contains("belongs to a coordinator");
    assertThat(frontier.resolveSibling("artifacts")).doesNotExist();
  }

  private void start(Path output, String... command) throws Exception {
    started.add(Distribution.start(folder, output, command));
  }
}
