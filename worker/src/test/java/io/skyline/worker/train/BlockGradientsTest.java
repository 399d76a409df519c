package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.worker.network.Blocks;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole blocks of the literature, as a space would build them. */
class BlockGradientsTest {
  static Stream<Arguments> blocks() {
    return Blocks.all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void predictsWithRunningStatistics(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }
}
