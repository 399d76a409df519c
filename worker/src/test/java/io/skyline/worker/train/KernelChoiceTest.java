package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which of oneDNN's implementations networks run on: never its reference code. */
class KernelChoiceTest {
  static List<String> kernels(Architecture architecture, boolean training) {
    Network network =
        new OneDnnEngine().fresh(architecture, Nets.normalization(architecture.input()), 1);
    try (Graph graph = new Graph(network, 16, training)) {
      List<String> kernels = new ArrayList<>(graph.forwardProgram().kernels());
      kernels.addAll(graph.backwardProgram().kernels());
      return kernels;
    }
  }

  @Test
  void benchmarkNetsRunOnCompiledKernelsThroughout() {
    for (BenchmarkNets net : BenchmarkNets.values()) {
      for (boolean training : new boolean[] {true, false}) {
        List<String> kernels = kernels(net.architecture(), training);
        assertThat(kernels).isNotEmpty().noneMatch(kernel -> kernel.contains("ref"));
        assertThat(kernels)
            .filteredOn(kernel -> kernel.contains("conv") && !kernel.contains("widening"))
            .allMatch(kernel -> kernel.contains(" jit"));
      }
    }
  }

  @Test
  void mobileNetsRunOnNoReferenceCode() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 25; i++) {
      Architecture architecture = MobileNets.draw(random, new Shape(1 + i % 3, 28, 28), 10);
      List<String> kernels = kernels(architecture, true);
      assertThat(kernels).as(architecture.toString()).noneMatch(kernel -> kernel.contains("ref"));
    }
  }
}
