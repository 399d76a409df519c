package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class CoreWaitTest {
  private static final long TIME = 200_000_000;

  /** Computes for a while; its share of a core and of waiting for one. */
  private static double[] compute() {
    try (CoreWait wait = CoreWait.ofThisThread()) {
      long start = System.nanoTime();
      long waited = wait.nanos();
      while (System.nanoTime() - start < TIME) {
        Thread.onSpinWait();
      }
      waited = wait.nanos() - waited;
      return new double[] {waited, System.nanoTime() - start};
    }
  }

  @Test
  void threeThreadsForEachCoreWaitTwoThirdsOfTheTime() throws Exception {
    int threads = 3 * Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<double[]>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        tasks.add(CoreWaitTest::compute);
      }
      double waited = 0;
      double time = 0;
      for (Future<double[]> each : pool.invokeAll(tasks)) {
        waited += each.get()[0];
        time += each.get()[1];
      }
      // more where others use the machine too, less at either end
      assertThat(waited / time).isBetween(0.4, 0.99);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void whoSleepsWaitsForNoCore() throws InterruptedException {
    try (CoreWait wait = CoreWait.ofThisThread()) {
      long before = wait.nanos();
      Thread.sleep(50);
      assertThat(wait.nanos() - before).isBetween(0L, 40_000_000L);
    }
  }
}
