package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.v1.Assign;
import io.skyline.v1.RunTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
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

  /** After fewer, Java still compiles: a child runs 100 tasks. */
  private static final int WARM_UP = 24;

  private static final int TRIALS = 36;

  @TempDir Path folder;

  /**
   * Of candidates of the mobile space in float32, float16 and int8, in turn what the draw gives;
   * those of each precision keep the limit by themselves. None is trained, and none pruned, because
   * pruning fine-tunes: all the time is overhead.
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
    Map<String, List<Double>> inChild = new TreeMap<>();
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
          String precision = genome.replaceFirst(".*recipe\\.weights=(\\w+).*", "$1");
          inChild.computeIfAbsent(precision, unused -> new ArrayList<>()).add(cpu);
        }
      }
    } finally {
      clock.shutdownNow();
    }
    assertThat(inChild).containsOnlyKeys("fp16", "fp32", "int8");
    inChild.forEach(
        (precision, millis) ->
            System.out.printf(
                "%s: %d trials, %.0f ms of CPU in the median, at most %.0f%n",
                precision, millis.size(), median(millis), Collections.max(millis)));
    // CPU time, because the machine may be busy with something else
    assertThat(inChild.values()).allSatisfy(millis -> assertThat(median(millis)).isLessThan(300));
  }

  private static Duration cpu(long process) {
    return ProcessHandle.of(process).flatMap(p -> p.info().totalCpuDuration()).orElseThrow();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
