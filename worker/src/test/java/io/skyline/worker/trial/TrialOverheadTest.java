package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.v1.Assign;
import io.skyline.v1.RunTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trial costs besides training and timing, on the whole of fashion-mini. */
@Tag("full")
class TrialOverheadTest {
  private static final Duration LIMIT = Duration.ofSeconds(300);
  private static final CandidateSpace SPACE = Catalog.space("mobile");
  private static final int WARM_UP = 6;
  private static final int TRIALS = 15;

  @TempDir Path folder;

  /**
   * Of candidates of the mobile space in float32, float16 and int8, in turn what the draw gives.
   * None is trained, and none pruned, because pruning fine-tunes: all the time is overhead.
   */
  @Test
  void aTrialInAWarmSlotCostsLessThan300MillisecondsBesidesTraining() throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    FashionTasks tasks = new FashionTasks(folder, 8000, 2000, 16);
    SplittableRandom random = new SplittableRandom(1);
    Iterator<String> genomes =
        Stream.generate(() -> SPACE.decisions().sample(random).text())
            .filter(genome -> genome.matches(".*recipe\\.pruning=0( .*)?"))
            .iterator();
    double[] wall = new double[TRIALS];
    double[] inChild = new double[TRIALS];
    try (Slot slot = new Slot(ChildSettings.standard(folder), clock)) {
      for (int trial = -WARM_UP; trial < TRIALS; trial++) {
        String genome = genomes.next();
        RunTask task =
            tasks.run(Assign.newBuilder().setTrain(tasks.train("fp32", "0", 0).setGenome(genome)));
        Duration before = cpu(slot.childPid());
        long start = System.nanoTime();
        TaskEnd end = slot.run(task, LIMIT, tasks);
        double millis = (System.nanoTime() - start) / 1e6;
        double cpu = cpu(slot.childPid()).minus(before).toNanos() / 1e6;
        assertThat(end).isInstanceOf(TaskEnd.Scored.class);
        System.out.printf(
            "trial %3d: %4.0f ms, %4.0f ms of CPU; %s%n",
            trial, millis, cpu, genome.substring(genome.indexOf("recipe")));
        if (trial >= 0) {
          wall[trial] = millis;
          inChild[trial] = cpu;
        }
      }
    } finally {
      clock.shutdownNow();
    }
    System.out.printf(
        "median of %d trials: %.0f ms, %.0f ms of CPU%n", TRIALS, median(wall), median(inChild));
    // CPU time, because the machine may be busy with something else
    assertThat(median(inChild)).isLessThan(300);
  }

  private static Duration cpu(long process) {
    return ProcessHandle.of(process).flatMap(p -> p.info().totalCpuDuration()).orElseThrow();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
