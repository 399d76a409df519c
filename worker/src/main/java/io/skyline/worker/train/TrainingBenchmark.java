package io.skyline.worker.train;

import com.sun.management.OperatingSystemMXBean;
import io.skyline.architecture.Architecture;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Normalization;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Training speed of one architecture: forward, backward and Adam on one fixed batch in memory,
 * after a warm-up, by the whole process's CPU time.
 */
public final class TrainingBenchmark {
  /** Until Java's compiler, whose time would count as ours, is through. */
  private static final double WARMUP_SECONDS = 4;

  private static final int WARMUP_STEPS = 12;

  private final Architecture architecture;
  private final int batch;

  public TrainingBenchmark(Architecture architecture, int batch) {
    this.architecture = architecture;
    this.batch = batch;
  }

  /** Trained images per second of CPU time, measured for this many wall-clock seconds. */
  public double imagesPerCpuSecond(double seconds) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    try (Graph graph = graph()) {
      Trainer trainer = trainer(graph);
      TrainingBatch images = images();
      steps(trainer, images, WARMUP_SECONDS);
      long cpu = system.getProcessCpuTime();
      long steps = steps(trainer, images, seconds);
      return steps * batch / ((system.getProcessCpuTime() - cpu) / 1e9);
    }
  }

  private static long steps(Trainer trainer, TrainingBatch images, double seconds) {
    long start = System.nanoTime();
    long steps = 0;
    while (System.nanoTime() - start < seconds * 1e9) {
      trainer.step(images);
      steps++;
    }
    return steps;
  }

  /** Milliseconds a step spends in each op, the slowest first, as lines of text. */
  public List<String> profile(int steps) {
    try (Graph graph = graph()) {
      Trainer trainer = trainer(graph);
      TrainingBatch images = images();
      for (int i = 0; i < WARMUP_STEPS; i++) {
        trainer.step(images);
      }
      Map<String, Long> nanos = new HashMap<>();
      for (int i = 0; i < steps; i++) {
        graph.forwardProgram().profile(nanos);
        graph.backwardProgram().profile(nanos);
      }
      List<String> lines = new ArrayList<>();
      nanos.entrySet().stream()
          .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
          .forEach(
              entry ->
                  lines.add(
                      String.format(
                          "%8.3f ms  %s", entry.getValue() / 1e6 / steps, entry.getKey())));
      return lines;
    }
  }

  private Normalization normalization() {
    int channels = architecture.input().channels();
    return new Normalization(
        Collections.nCopies(channels, 0f), Collections.nCopies(channels, 255f));
  }

  private Graph graph() {
    return new Graph(new OneDnnEngine().fresh(architecture, normalization(), 3), batch, true);
  }

  private Trainer trainer(Graph graph) {
    TrainingPlan plan = TrainingPlan.standard(1_000_000).withLearningRate(1e-3);
    SplittableRandom random = new SplittableRandom(1);
    int[] labels = random.ints(batch, 0, architecture.classes()).toArray();
    byte[] pixels = new byte[Math.toIntExact(batch * architecture.input().elements())];
    Examples examples = new Examples(architecture.input(), pixels, labels);
    BatchLoss loss =
        new ClassTargets(
            plan, TrainingSet.of(examples), normalization(), architecture.classes(), batch);
    return new Trainer(graph, WeightRule.FREE, plan, loss, 1);
  }

  private TrainingBatch images() {
    TrainingBatch images = new TrainingBatch(batch, architecture.input());
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < images.images().length; i++) {
      images.images()[i] = (float) random.nextDouble();
    }
    Arrays.setAll(images.examples(), i -> i);
    return images;
  }
}
