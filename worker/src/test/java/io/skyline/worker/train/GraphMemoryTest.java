package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Shape;
import io.skyline.worker.network.Network;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native memory is invisible to the collector; it must go with its trial. */
@EnabledOnOs(OS.LINUX)
class GraphMemoryTest {
  private final OneDnnEngine engine = new OneDnnEngine();

  @Test
  void freesTheMemoryOfEveryGraph() throws IOException {
    Network network =
        engine.fresh(BenchmarkNets.B.architecture(), Nets.normalization(new Shape(3, 32, 32)), 1);
    for (int i = 0; i < 5; i++) {
      runOnce(network);
    }
    long before = TrialSoak.residentKib();
    for (int i = 0; i < 25; i++) {
      runOnce(network);
    }
    // One graph takes about 100 MiB: a leak of a single one would show.
    assertThat(TrialSoak.residentKib() - before).isLessThan(40 * 1024);
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

  /** In a process of its own, whose Java heap is resident from the start: what grows is native. */
  @Test
  @Tag("full")
  void staysWithinTenPercentFromTheTwentiethTrialToTheTwoHundredth() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xms48m",
            "-Xmx48m",
            "-XX:+AlwaysPreTouch",
            // JavaCPP would refuse a process larger than twice its heap.
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=1g",
            "-Dorg.bytedeco.javacpp.maxbytes=1g",
            "-cp",
            System.getProperty("java.class.path"),
            TrialSoak.class.getName());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Long> kib;
    try (BufferedReader output = process.inputReader()) {
      kib = output.lines().map(Long::parseLong).toList();
    }
    assertThat(process.waitFor()).isZero();
    System.out.println("KiB resident after 20 and 200 trials: " + kib);
    assertThat(kib).hasSize(2);
    assertThat(kib.get(1)).isLessThan(kib.get(0) * 11 / 10);
  }
}
