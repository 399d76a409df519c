package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.space.Catalog;
import io.skyline.space.SearchSpace;
import io.skyline.v1.Assign;
import io.skyline.v1.RunTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
class SoakTest {
  @TempDir Path folder;

  /** Candidates drawn from the catalog, with a latency in every twentieth trial. */
  @Test
  @Timeout(1800)
  void aChildThatIsNeverReplacedDoesNotGrow() throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    FashionTasks tasks = new FashionTasks(folder, 512, 256, 16);
    ChildSettings forever = ChildSettings.standard(folder).withRecycleTasks(0);
    SearchSpace space = Catalog.space("mobile").decisions();
    SplittableRandom random = new SplittableRandom(1);
    long early = 0;
    try (Slot slot = new Slot(forever, clock)) {
      long child = slot.childPid();
      for (int trial = 1; trial <= 200; trial++) {
        RunTask task =
            tasks.run(
                Assign.newBuilder()
                    .setTrain(
                        tasks
                            .train("fp32", "0", 1)
                            .setGenome(space.sample(random).text())
                            .setSeed(trial)
                            .setMeasureLatency(trial % 20 == 0)));
        TaskEnd end = slot.run(task, Duration.ofMinutes(5), tasks);
        assertThat(end).isInstanceOf(TaskEnd.Scored.class);
        long resident = ResidentMemory.bytes(child);
        if (trial % 20 == 0) {
          System.out.printf("after %d trials: %d MiB%n", trial, resident >> 20);
        }
        early = trial == 20 ? resident : early;
      }
      assertThat(slot.childPid()).isEqualTo(child);
      assertThat((double) ResidentMemory.bytes(child) / early).isLessThan(1.1);
    } finally {
      clock.shutdownNow();
    }
  }
}
