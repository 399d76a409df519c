package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.InputKind;
import io.skyline.v1.Assign;
import io.skyline.v1.RunTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether a child that is never replaced grows; prints its resident memory. */
@Tag("full")
class SoakTest {
  private static final int EPOCHS = 1;
  private static final int LATENCY_EVERY = 20;

  @TempDir Path folder;

  @Test
  @Timeout(1800)
  void twoHundredTrialsOfOneSpaceDoNotGrowIt() throws Exception {
    assertThat(growth(List.of("mobile"), 20, 200)).isLessThan(1.1);
  }

  @Test
  @Timeout(3600)
  void fiveHundredTrialsOfAllSpacesDoNotGrowIt() throws Exception {
    assertThat(growth(Catalog.names(), 50, 500)).isLessThan(1.1);
  }

  /**
   * The ratio of resident memory after some trials to that after the first of them; candidates are
   * drawn from the spaces in turn, and every twentieth trial measures a latency.
   */
  private double growth(List<String> names, int from, int to) throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    FashionTasks images = new FashionTasks(folder, 512, 256, 16);
    FashionTasks signals = FashionTasks.ofSignals(folder, 512, 256, 16);
    List<CandidateSpace> spaces = names.stream().map(Catalog::space).toList();
    ChildSettings forever = ChildSettings.standard(folder).withRecycleTasks(0);
    SplittableRandom random = new SplittableRandom(1);
    long early = 0;
    try (Slot slot = new Slot(forever, clock)) {
      long child = slot.childPid();
      for (int trial = 1; trial <= to; trial++) {
        CandidateSpace space = spaces.get(trial % spaces.size());
        boolean signal = space.input().equals(Optional.of(InputKind.SIGNAL));
        FashionTasks tasks = signal ? signals : images;
        RunTask task =
            tasks.run(
                Assign.newBuilder()
                    .setTrain(
                        tasks
                            .train(space, EPOCHS)
                            .setGenome(space.decisions().sample(random).text())
                            .setSeed(trial)
                            .setMeasureLatency(trial % LATENCY_EVERY == 0)));
        TaskEnd end = slot.run(task, Duration.ofMinutes(5), tasks);
        assertThat(end).as(space.decisions().name()).isInstanceOf(TaskEnd.Scored.class);
        long resident = ResidentMemory.bytes(child);
        if (trial % 20 == 0 || trial == from) {
          System.out.printf("after %d trials: %d MiB%n", trial, resident >> 20);
        }
        early = trial == from ? resident : early;
      }
      assertThat(slot.childPid()).isEqualTo(child);
      return (double) ResidentMemory.bytes(child) / early;
    } finally {
      clock.shutdownNow();
    }
  }
}
