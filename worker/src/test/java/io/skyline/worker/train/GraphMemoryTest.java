package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native memory is invisible to the collector; it must go with its trial. */
@EnabledOnOs(OS.LINUX)
class GraphMemoryTest {
  private final OneDnnEngine engine = new OneDnnEngine();

  private static long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  @Test
  void freesTheMemoryOfEveryGraph() throws IOException {
    Network network =
        engine.fresh(BenchmarkNets.B.architecture(), Nets.normalization(new Shape(3, 32, 32)), 1);
    for (int i = 0; i < 5; i++) {
      runOnce(network);
    }
    long before = residentKib();
    for (int i = 0; i < 25; i++) {
      runOnce(network);
    }
    // One graph takes about 100 MiB: a leak of a single one would show.
    assertThat(residentKib() - before).isLessThan(40 * 1024);
  }

  private static void runOnce(Network network) {
    try (Graph graph = new Graph(network, 64, true)) {
      float[] images = new float[64 * 3 * 32 * 32];
      graph.forward(images, new float[64 * 10]);
      graph.backward(new float[64 * 10]);
    }
  }

  @Test
  void sharesGradientBuffersBetweenLayers() {
    Network network =
        engine.fresh(BenchmarkNets.C.architecture(), Nets.normalization(new Shape(3, 32, 32)), 1);
    try (Graph graph = new Graph(network, 8, true)) {
      long largest = 8L * 16 * 32 * 32 * Float.BYTES;
      // 40 activations have gradients; five of the largest are alive at most.
      assertThat(graph.buffers().bytes()).isLessThan(8 * largest);
    }
  }

  /** 200 trials of 512 images over ever new shapes, as a search makes them. */
  @Test
  @Tag("full")
  void staysWithinTenPercentFromTheTwentiethTrialToTheTwoHundredth() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    long atTwenty = 0;
    for (int trial = 1; trial <= 200; trial++) {
      Architecture architecture = MobileNets.draw(random, new Shape(1, 28, 28), 10);
      Network start = engine.fresh(architecture, Nets.normalization(architecture.input()), trial);
      Examples examples = Nets.examples(architecture.input(), 512, 10, trial);
      Network trained =
          engine.train(start, TrainingPlan.standard(1), examples, trial, TrainingProgress.SILENT);
      engine.predict(trained, examples);
      if (trial == 20) {
        atTwenty = residentKib();
      }
    }
    long atTheEnd = residentKib();
    System.out.println(
        "RSS after 20 trials " + atTwenty / 1024 + " MiB, after 200 " + atTheEnd / 1024);
    assertThat(atTheEnd).isLessThan(atTwenty * 11 / 10);
  }
}
