package io.skyline.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.scorecard.Build;
import io.skyline.v1.Hello;
import io.skyline.v1.WorkerMessage;
import io.skyline.worker.cli.WorkerMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worker command as a process, as users and coordinators start it. */
@Timeout(90)
class WorkerProcessTest {
  @TempDir Path folder;
  private TestCoordinator coordinator;
  private Process process;

  @BeforeEach
  void listen() throws Exception {
    coordinator = new TestCoordinator(0);
  }

  @AfterEach
  void stop() throws Exception {
    if (process != null) {
      process.destroyForcibly();
    }
    coordinator.close();
  }

  private void start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "worker",
                "--cache",
                folder.toString()));
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
  }

  private void join(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("--join", "localhost:" + coordinator.port()));
    all.addAll(List.of(options));
    start(all.toArray(String[]::new));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> coordinator.count(WorkerMessage.MessageCase.DEMAND) > 0);
  }

  private int exitCode() throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
  }

  @Test
  void introducesItselfAndLeavesWhenTerminated() throws Exception {
    join("--slots", "2");
    Hello hello = coordinator.heard.get(0).getHello();
    assertThat(hello.getSlots()).isEqualTo(2);
    assertThat(hello.getBuild()).isEqualTo(Build.id());
    assertThat(hello.getProtocol()).isEqualTo(1);
    assertThat(hello.getNumericFingerprint()).matches("[0-9a-f]{16}");
    assertThat(hello.getEnginesList()).containsExactly("onednn", "dl4j");
    assertThat(hello.getCatalogDigest()).matches("[0-9a-f]{64}");
    assertThat(hello.getWorkerId()).isNotEmpty();
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(children).hasSize(2);
    process.destroy();
    assertThat(exitCode()).isEqualTo(143); // as of any process that SIGTERM ends
    assertThat(coordinator.count(WorkerMessage.MessageCase.DRAINING)).isEqualTo(1);
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    try (var scratch = Files.list(folder.resolve("scratch"))) {
      assertThat(scratch).isEmpty();
    }
  }

  @Test
  void leavesWhenItsParentsPipeCloses() throws Exception {
    join("--parent-pipe");
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(children).hasSize(1);
    process.getOutputStream().close();
    assertThat(exitCode()).isZero();
    await().atMost(Duration.ofSeconds(5)).until(() -> !children.get(0).isAlive());
  }

  @Test
  void saysWhyItWasRefused() throws Exception {
    coordinator.refuses = true;
    start("--join", "localhost:" + coordinator.port());
    assertThat(exitCode()).isEqualTo(1);
    assertThat(output()).contains("refuses this worker: another build: 9.9.9");
  }

  @Test
  void anAddressWithoutAPortIsBadInput() throws Exception {
    start("--join", "localhost");
    assertThat(exitCode()).isEqualTo(2);
    assertThat(output()).contains("--join takes HOST:PORT").doesNotContain("\tat ");
  }
}
