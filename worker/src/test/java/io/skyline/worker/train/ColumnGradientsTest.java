package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows of one column, and then of one row, against finite differences. */
class ColumnGradientsTest {
  private static Convolution column(
      int outputs, int kernel, int stride, int dilation, int groups, boolean bias) {
    int padding = kernel / 2 * dilation;
    return new Convolution(
        outputs, kernel, stride, padding, dilation, groups, bias, Window.Form.COLUMN);
  }

  static Stream<Arguments> convolutions() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {8, 16, 12, 5}) {
      for (int kernel : new int[] {3, 5, 7}) {
        for (int stride : new int[] {1, 2}) {
          String text = kernel + "x1 stride " + stride + " over " + channels;
          Convolution column = column(16, kernel, stride, 1, 1, true);
          Convolution depthwise = column(channels, kernel, stride, 1, channels, true);
          cases.add(GradientCheck.inner("conv " + text, channels, column));
          cases.add(GradientCheck.inner("depthwise " + text, channels, depthwise));
        }
      }
      for (int rank : new int[] {1, 3, 8}) {
        cases.add(
            GradientCheck.inner(
                "factors of rank " + rank + " over " + channels,
                channels,
                column(rank, 3, 2, 1, 1, false),
                new Convolution(16, 3, 2, 1, 1, false).with(Window.Form.ROW),
                new BatchNorm(),
                new Activation(Function.RELU)));
      }
      Convolution dilated = column(16, 3, 2, 2, 1, true);
      cases.add(GradientCheck.inner("dilated over " + channels, channels, dilated));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("convolutions")
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("convolutions")
  void predictsWithRunningStatistics(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("convolutions")
  void runsOnNoReferenceCode(String name, Architecture architecture) {
    for (boolean training : new boolean[] {true, false}) {
      assertThat(KernelChoiceTest.kernels(architecture, training))
          .isNotEmpty()
          .noneMatch(kernel -> kernel.contains("ref"));
    }
  }
}
