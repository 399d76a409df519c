package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
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
  void manyChannelsAreConvolvedByWinogradWhereAvx512May() {
    List<String> winograd =
        kernels(BenchmarkNets.C.architecture(), true).stream()
            .filter(kernel -> kernel.contains("wino"))
            .toList();
    // five layers of 32 channels and five of 64, whose kernel gradients too pay
    assertThat(winograd).hasSize(OneDnn.BLOCK == 16 ? 25 : 0);
  }

  @Test
  void whatWinogradCannotDoRunsDirectly() {
    for (int extent : new int[] {1, 2, 3, 7, 14, 28}) {
      for (int channels : new int[] {32, 48, 64}) {
        for (boolean bias : new boolean[] {false, true}) {
          Convolution convolution = new Convolution(channels, 3, 1, 1, 1, bias);
          Architecture architecture =
              Nets.chain(
                  new Shape(channels, extent, extent),
                  convolution,
                  new Activation(Activation.Function.RELU),
                  convolution,
                  new GlobalAveragePool(),
                  new Dense(3, true));
          assertThat(kernels(architecture, true)).as("%s on %d", convolution, extent).isNotEmpty();
        }
      }
    }
  }

  @Test
  void dilatedAndOddlyGroupedConvolutionsRunOnCompiledKernels() {
    for (Convolution convolution :
        List.of(
            Convolution.dilated(24, 3, 2),
            Convolution.dilated(24, 5, 4),
            new Convolution(24, 3, 2, 3, 3, 1, false),
            new Convolution(60, 3, 1, 2, 2, 60, false),
            new Convolution(60, 5, 1, 4, 2, 60, false),
            new Convolution(60, 3, 2, 2, 2, 4, false),
            new Convolution(36, 3, 1, 3, 3, 12, false),
            Convolution.grouped(36, 1, 1, 4),
            Convolution.grouped(28, 3, 2, 4))) {
      Architecture architecture =
          Nets.chain(
              new Shape(1, 20, 20),
              Convolution.same(60, 3, 1),
              new BatchNorm(),
              convolution,
              new GlobalAveragePool(),
              new Dense(3, true));
      assertThat(kernels(architecture, true))
          .filteredOn(kernel -> kernel.startsWith("l2"))
          .isNotEmpty()
          .allMatch(kernel -> kernel.contains(" jit"));
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
