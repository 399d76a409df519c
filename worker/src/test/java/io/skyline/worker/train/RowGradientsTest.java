package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Pooling.Kind;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows of one row against finite differences of a double-precision reference. */
class RowGradientsTest {
  private static final Layer RELU = new Activation(Function.RELU);

  /** A stem over a signal, the layers under test, a head. */
  private static Arguments over(Shape signal, String name, int channels, Layer... layers) {
    List<Layer> all = new ArrayList<>();
    all.add(row(channels, 5, 1, 1, 1));
    all.addAll(Arrays.asList(layers));
    all.addAll(List.of(new Flatten(), new Dense(4, true)));
    return Arguments.of(
        name + " over " + channels + " at " + signal,
        Nets.chain(signal, all.toArray(new Layer[0])));
  }

  private static Arguments inner(String name, int channels, Layer... layers) {
    return over(new Shape(2, 1, 37), name, channels, layers);
  }

  private static Convolution row(int outputs, int kernel, int stride, int dilation, int groups) {
    int padding = kernel / 2 * dilation;
    return new Convolution(
        outputs, kernel, stride, padding, dilation, groups, true, Window.Form.ROW);
  }

  static Stream<Arguments> convolutions() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {8, 16, 12, 5}) {
      for (int kernel : new int[] {1, 3, 5, 7, 9, 15, 31}) {
        for (int stride : new int[] {1, 2, 5}) {
          String text = "1x" + kernel + " stride " + stride;
          cases.add(inner("conv " + text, channels, row(16, kernel, stride, 1, 1)));
          if (stride <= 2) {
            cases.add(
                inner("depthwise " + text, channels, row(channels, kernel, stride, 1, channels)));
          }
        }
      }
      for (int dilation : new int[] {2, 4, 8}) {
        String text = "1x5 dilated " + dilation;
        cases.add(inner("conv " + text, channels, row(16, 5, 1, dilation, 1)));
        cases.add(inner("depthwise " + text, channels, row(channels, 5, 1, dilation, channels)));
        cases.add(
            inner("depthwise strided " + text, channels, row(channels, 5, 2, dilation, channels)));
      }
      cases.add(inner("conv then ReLU", channels, row(10, 9, 1, 1, 1), RELU));
      cases.add(inner("normalized", channels, row(16, 9, 2, 1, 1), new BatchNorm(), RELU));
    }
    cases.add(inner("groups of 4", 16, row(16, 5, 2, 1, 4)));
    cases.add(inner("groups of 3", 12, row(8, 5, 1, 1, 4)));
    for (int length : new int[] {2, 3, 4, 9}) {
      Shape signal = new Shape(3, 1, length);
      cases.add(over(signal, "depthwise 1x9 stride 2", 8, row(8, 9, 2, 1, 8)));
      cases.add(over(signal, "conv 1x9 stride 2", 8, row(8, 9, 2, 1, 1)));
    }
    // a window of one row over several rows treats each alike
    Shape rows = new Shape(2, 4, 11);
    cases.add(over(rows, "conv 1x5 stride 2", 8, row(16, 5, 2, 1, 1)));
    cases.add(over(rows, "depthwise 1x9 stride 2", 8, row(8, 9, 2, 1, 8)));
    return cases.stream();
  }

  static Stream<Arguments> stems() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {1, 2, 3, 9}) {
      for (int kernel : new int[] {5, 9, 15, 31}) {
        for (int stride : new int[] {1, 2, 4}) {
          cases.add(
              Arguments.of(
                  "1x" + kernel + " stride " + stride + " on " + channels,
                  Nets.chain(
                      new Shape(channels, 1, 40),
                      row(8, kernel, stride, 1, 1),
                      RELU,
                      new Flatten(),
                      new Dense(3, true))));
        }
      }
    }
    return cases.stream();
  }

  static Stream<Arguments> poolings() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {16, 12}) {
      for (Kind kind : Kind.values()) {
        for (int length : new int[] {36, 37}) {
          Shape signal = new Shape(2, 1, length);
          cases.add(over(signal, kind + " 2/2", channels, pool(kind, 2, 2, 0)));
          cases.add(over(signal, kind + " 3/2", channels, pool(kind, 3, 2, 1)));
          cases.add(over(signal, kind + " 5/3", channels, pool(kind, 5, 3, 2)));
        }
        cases.add(over(new Shape(2, 5, 7), kind + " 2/2", channels, pool(kind, 2, 2, 0)));
      }
    }
    return cases.stream();
  }

  private static Pooling pool(Kind kind, int kernel, int stride, int padding) {
    return new Pooling(kind, kernel, stride, padding, Window.Form.ROW);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"convolutions", "stems", "poolings"})
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"convolutions", "stems", "poolings"})
  void predictsWithRunningStatistics(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"convolutions", "stems", "poolings"})
  void runsOnNoReferenceCode(String name, Architecture architecture) {
    for (boolean training : new boolean[] {true, false}) {
      assertThat(KernelChoiceTest.kernels(architecture, training))
          .isNotEmpty()
          .noneMatch(kernel -> kernel.contains("ref"));
    }
  }
}
