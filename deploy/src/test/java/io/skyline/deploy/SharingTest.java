package io.skyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code configs/enas.yaml}, small: the same search from one worker, two, and through a crash. */
final class SharingTest {
  private static final String CONFIG = Distribution.CONFIGS.resolve("enas.yaml").toString();
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Four files are there from the start, some come and go, and each step leaves one. */
  private static final long FILES_OF_A_FEW_STEPS = 10;

  @TempDir private Path folder;

  private static String[] search(int workers) {
    return new String[] {
      "search",
      CONFIG,
      "--set",
      "workers.local=" + workers,
      "--set",
      "sharing.steps=8",
      "--set",
      "sharing.batches=3",
      "--set",
      "sharing.candidates=4",
      "--set",
      "budget.trials=2",
      "--set",
      "budget.epochs=1"
    };
  }

  @Test
  void sharedWeightsAreTheSameFromAnyWorkersAndThroughACrash() throws Exception {
    String said = Distribution.run(folder, search(1)).succeeded().output();
    assertThat(said).contains("8 steps with shared weights and 4 candidates scored with them");
    List<String> expected = repeatable(1);
    assertThat(expected).hasSize(3);
    assertThat(expected.get(0)).contains("shared_accuracy");

    Distribution.run(folder, search(2)).succeeded();
    assertThat(repeatable(2)).as("two workers").isEqualTo(expected);

    Process killed = Distribution.start(folder, folder.resolve("killed.txt"), search(2));
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !killed.isAlive() || artifacts(3) >= FILES_OF_A_FEW_STEPS);
    assertThat(killed.isAlive()).as("a search that is not over yet").isTrue();
    Distribution.kill(killed);
    await().atMost(PATIENCE).until(() -> !killed.isAlive());
    Distribution.run(folder, "resume", run(3).toString()).succeeded();
    assertThat(repeatable(3)).as("coordinator killed").isEqualTo(expected);
  }

  /** The files that a run holds; counted, not read from its progress, which skips what is quick. */
  private long artifacts(int number) throws IOException {
    Path artifacts = run(number).resolve("artifacts");
    if (!Files.isDirectory(artifacts)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(artifacts)) {
      return files.filter(Files::isRegularFile).count();
    } catch (UncheckedIOException e) {
      return 0; // a file was renamed while it was counted
    }
  }

  private Path run(int number) {
    return folder.resolve("runs").resolve("enas-" + number);
  }

  /** The trials without what differs from run to run: latency, time and what weighs them. */
  private List<String> repeatable(int number) throws Exception {
    List<String> rows = Files.readAllLines(run(number).resolve("trials.csv"));
    List<String> columns = List.of(rows.get(0).split(","));
    return rows.stream()
        .map(
            row -> {
              String[] cells = row.split(",", -1);
              return columns.stream()
                  .filter(column -> !List.of("latency_us", "train_seconds_s").contains(column))
                  .map(column -> cells[columns.indexOf(column)])
                  .collect(Collectors.joining(","));
            })
        .toList();
  }
}
