package io.skyline.worker.train;

import static io.skyline.worker.train.GradientCheck.inner;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Pooling.Kind;
import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer against finite differences of a double-precision reference, relative 1e-3. */
class LayerGradientsTest {
  private static final Layer RELU = new Activation(Function.RELU);
  private static final Layer RELU6 = new Activation(Function.RELU6);

  static Stream<Arguments> convolutions() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {8, 16, 12, 5}) {
      for (int kernel : new int[] {1, 3, 5}) {
        for (int stride : new int[] {1, 2}) {
          String text = kernel + "x" + kernel + " stride " + stride + " over " + channels;
          int pad = kernel / 2;
          cases.add(
              inner("conv " + text, channels, new Convolution(16, kernel, stride, pad, 1, false)));
          cases.add(
              inner(
                  "depthwise " + text, channels, Convolution.depthwise(channels, kernel, stride)));
        }
      }
    }
    cases.add(inner("7x7", 8, new Convolution(8, 7, 1, 3, 1, false)));
    cases.add(inner("depthwise 7x7", 8, Convolution.depthwise(8, 7, 1)));
    cases.add(inner("depthwise 7x7 stride 3", 8, Convolution.depthwise(8, 7, 3)));
    cases.add(inner("depthwise 5x5 with bias", 8, new Convolution(8, 5, 2, 2, 8, true)));
    cases.add(inner("depthwise 3x3 with bias", 16, new Convolution(16, 3, 1, 1, 16, true)));
    cases.add(inner("depthwise 2x2", 16, new Convolution(16, 2, 2, 0, 16, false)));
    for (int extent : new int[] {1, 2, 3}) {
      for (int stride : new int[] {1, 2}) {
        cases.add(
            inner(
                "depthwise 5x5 stride " + stride + " at " + extent,
                8,
                extent,
                Convolution.depthwise(8, 5, stride)));
      }
    }
    for (int channels : new int[] {32, 64}) {
      for (int extent : new int[] {1, 3, 8, 9}) {
        cases.add(
            inner(
                "3x3 of " + channels + " at " + extent,
                channels,
                extent,
                Convolution.same(channels, 3, 1)));
      }
    }
    cases.add(inner("3x3 of 64, no padding", 64, new Convolution(96, 3, 1, 0, 1, true)));
    cases.add(inner("no padding", 8, new Convolution(13, 3, 1, 0, 1, true)));
    cases.add(inner("odd padding", 8, new Convolution(16, 5, 2, 1, 1, true)));
    cases.add(inner("much padding", 8, new Convolution(16, 3, 1, 2, 1, true)));
    cases.add(inner("stride 3", 8, new Convolution(8, 3, 3, 0, 1, true)));
    cases.add(inner("1x1 stride 2, even extent", 8, 8, new Convolution(16, 1, 2, 0, 1, false)));
    cases.add(inner("3x3 stride 2, even extent", 8, 8, new Convolution(16, 3, 2, 1, 1, false)));
    cases.add(inner("2x2", 8, new Convolution(16, 2, 2, 0, 1, false)));
    cases.add(inner("groups of 8", 16, new Convolution(32, 3, 1, 1, 2, false)));
    cases.add(inner("groups of 4", 16, new Convolution(16, 3, 2, 1, 4, true)));
    cases.add(inner("groups of 3 over 12", 12, new Convolution(8, 3, 1, 1, 4, false)));
    cases.add(inner("depth multiplier 2", 8, new Convolution(16, 3, 1, 1, 8, false)));
    cases.add(inner("half as many outputs as inputs", 16, new Convolution(8, 3, 1, 1, 8, false)));
    cases.add(inner("groups to learn", 16, new LearnedGroupConvolution(24, 4, 4)));
    cases.add(inner("groups to learn, ReLU6", 12, new LearnedGroupConvolution(6, 3, 2), RELU6));
    for (int dilation : new int[] {2, 3}) {
      for (int stride : new int[] {1, 2}) {
        String text = " dilated " + dilation + " stride " + stride;
        for (int channels : new int[] {16, 12}) {
          cases.add(
              inner("3x3 over " + channels + text, channels, dilated(16, 3, stride, dilation, 1)));
          cases.add(
              inner(
                  "depthwise 3x3 over " + channels + text,
                  channels,
                  dilated(channels, 3, stride, dilation, channels)));
          cases.add(
              inner(
                  "3x3 in groups over " + channels + text,
                  channels,
                  dilated(channels, 3, stride, dilation, 4)));
        }
        cases.add(inner("5x5" + text, 8, dilated(8, 5, stride, dilation, 1)));
        cases.add(inner("depthwise 5x5" + text, 8, dilated(8, 5, stride, dilation, 8)));
      }
    }
    cases.add(inner("dilated beyond the extent", 8, 5, dilated(8, 3, 1, 6, 1)));
    cases.add(inner("dilated, odd padding", 8, new Convolution(8, 3, 1, 1, 2, 1, true)));
    cases.add(inner("dilated, much padding", 8, new Convolution(8, 3, 1, 4, 2, 8, true)));
    cases.add(inner("stride 3, dilated 2", 8, new Convolution(8, 3, 3, 2, 2, 1, false)));
    cases.add(inner("stride 2, dilated 4", 8, 8, dilated(16, 3, 2, 4, 1), RELU));
    cases.add(inner("2x2 dilated 3", 8, 8, new Convolution(8, 2, 1, 1, 3, 1, true), RELU6));
    cases.add(inner("1x1 dilated 3", 8, new Convolution(8, 1, 1, 0, 3, 1, true)));
    cases.add(
        inner("dilated 1 and 3 pixels", 8, 3, dilated(8, 3, 2, 2, 1), dilated(8, 5, 1, 3, 8)));
    cases.add(inner("dilated, no padding", 8, new Convolution(12, 3, 1, 0, 2, 1, true), RELU));
    for (int each : new int[] {1, 2, 3, 5, 6, 7}) {
      String text = " over " + each + " channels a group";
      cases.add(inner("1x1" + text, 4 * each, Convolution.grouped(4 * each, 1, 1, 4)));
      cases.add(inner("3x3" + text, 3 * each, Convolution.grouped(15, 3, 2, 3)));
    }
    cases.add(inner("conv then ReLU", 8, new Convolution(16, 3, 1, 1, 1, true), RELU));
    cases.add(inner("conv then ReLU6", 12, new Convolution(10, 3, 1, 1, 1, true), RELU6));
    cases.add(inner("depthwise then ReLU6", 12, new Convolution(12, 5, 1, 2, 12, true), RELU6));
    cases.add(inner("grouped then ReLU", 12, new Convolution(12, 3, 1, 1, 3, true), RELU));
    cases.add(
        inner(
            "odd channels all the way",
            5,
            new Convolution(7, 3, 1, 1, 1, false),
            new BatchNorm(),
            RELU,
            new Convolution(9, 3, 2, 1, 1, false),
            new BatchNorm(),
            RELU6,
            Convolution.pointwise(11)));
    cases.add(
        inner(
            "convolution over a flat vector",
            8,
            new GlobalAveragePool(),
            Convolution.pointwise(6),
            RELU,
            Convolution.pointwise(16)));
    return cases.stream();
  }

  private static Convolution dilated(
      int outputs, int kernel, int stride, int dilation, int groups) {
    return new Convolution(outputs, kernel, stride, kernel / 2 * dilation, dilation, groups, false);
  }

  static Stream<Arguments> stems() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {1, 2, 3, 4, 8}) {
      for (Layer stem :
          new Layer[] {
            new Convolution(8, 3, 1, 1, 1, true),
            new Convolution(12, 5, 2, 2, 1, false),
            new Convolution(8, 1, 1, 0, 1, false),
            new Convolution(channels, 3, 1, 1, channels, false),
            new Pooling(Kind.MAX, 2, 2, 0),
            new BatchNorm(),
            new Flatten()
          }) {
        List<Layer> layers = new ArrayList<>(List.of(stem));
        layers.add(stem instanceof Flatten ? new Dense(6, true) : Convolution.pointwise(8));
        layers.addAll(List.of(new Flatten(), new Dense(3, true)));
        cases.add(
            Arguments.of(
                stem + " on " + channels,
                Nets.chain(new Shape(channels, 8, 7), layers.toArray(new Layer[0]))));
      }
    }
    return cases.stream();
  }

  static Stream<Arguments> others() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {16, 12}) {
      String over = " over " + channels;
      cases.add(inner("batch normalization" + over, channels, new BatchNorm()));
      cases.add(inner("batch normalization and ReLU" + over, channels, new BatchNorm(), RELU));
      cases.add(inner("batch normalization and ReLU6" + over, channels, new BatchNorm(), RELU6));
      cases.add(
          inner("activation by itself" + over, channels, new Pooling(Kind.MAX, 2, 2, 0), RELU));
      cases.add(
          inner("ReLU6 by itself" + over, channels, new Pooling(Kind.AVERAGE, 2, 2, 0), RELU6));
      for (Kind kind : Kind.values()) {
        cases.add(inner(kind + " 2/2" + over, channels, new Pooling(kind, 2, 2, 0)));
        cases.add(inner(kind + " 2/2 even" + over, channels, 8, new Pooling(kind, 2, 2, 0)));
        cases.add(inner(kind + " 3/2 padded" + over, channels, new Pooling(kind, 3, 2, 1)));
        cases.add(inner(kind + " 3/1 padded" + over, channels, new Pooling(kind, 3, 1, 1)));
        cases.add(
            inner(
                kind + " twice, sharing maxima" + over,
                channels,
                new Pooling(kind, 3, 1, 1),
                new Pooling(kind, 3, 1, 1)));
        cases.add(inner(kind + " 5/3" + over, channels, new Pooling(kind, 5, 3, 2)));
      }
      cases.add(inner("global average" + over, channels, new GlobalAveragePool()));
      cases.add(
          inner("dense ReLU dense" + over, channels, new Flatten(), new Dense(24, true), RELU));
      cases.add(inner("dense ReLU6" + over, channels, new Flatten(), new Dense(13, false), RELU6));
      cases.add(
          inner(
              "normalized dense" + over,
              channels,
              new Flatten(),
              new Dense(channels + 1, false),
              new BatchNorm(),
              RELU));
    }
    for (Layer then : new Layer[] {RELU, RELU6}) {
      cases.add(Arguments.of("residual, then " + then, residual(16, then)));
      cases.add(Arguments.of("odd residual, then " + then, residual(12, then)));
    }
    cases.add(Arguments.of("many readers", manyReaders()));
    return cases.stream();
  }

  private static Architecture residual(int channels, Layer then) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(Nets.node("stem", Convolution.same(channels, 3, 1), Architecture.INPUT));
    nodes.add(Nets.node("a", Convolution.same(channels, 3, 1), "stem"));
    nodes.add(Nets.node("b", new BatchNorm(), "a"));
    nodes.add(Nets.node("sum", new Add(), "b", "stem"));
    nodes.add(Nets.node("act", then, "sum"));
    nodes.add(Nets.node("c", Convolution.same(channels, 3, 1), "act"));
    nodes.add(Nets.node("plain", new Add(), "c", "act"));
    nodes.add(Nets.node("gap", new GlobalAveragePool(), "plain"));
    nodes.add(Nets.node("out", new Dense(4, true), "gap"));
    return new Architecture(new Shape(3, 7, 7), nodes);
  }

  /** Gradients that are summed from three readers, doubled, and added to flat vectors. */
  private static Architecture manyReaders() {
    List<Node> nodes = new ArrayList<>();
    nodes.add(Nets.node("stem", Convolution.same(12, 3, 1), Architecture.INPUT));
    nodes.add(Nets.node("doubled", new Add(), "stem", "stem"));
    nodes.add(Nets.node("relu", RELU, "stem"));
    nodes.add(Nets.node("relu6", RELU6, "stem"));
    nodes.add(Nets.node("one", new Add(), "doubled", "relu"));
    nodes.add(Nets.node("two", new Add(), "one", "relu6"));
    nodes.add(Nets.node("norm", new BatchNorm(), "two"));
    nodes.add(Nets.node("three", new Add(), "norm", "two"));
    nodes.add(Nets.node("gap", new GlobalAveragePool(), "three"));
    nodes.add(Nets.node("left", new Dense(7, true), "gap"));
    nodes.add(Nets.node("flat", new Flatten(), "three"));
    nodes.add(Nets.node("right", new Dense(7, false), "flat"));
    nodes.add(Nets.node("wide", new Dense(12, false), "flat"));
    nodes.add(Nets.node("back", new Add(), "wide", "gap"));
    nodes.add(Nets.node("front", new Add(), "gap", "back"));
    nodes.add(Nets.node("narrow", new Dense(7, true), "front"));
    nodes.add(Nets.node("sum", new Add(), "left", "right"));
    nodes.add(Nets.node("out", new Add(), "sum", "narrow"));
    return new Architecture(new Shape(3, 6, 6), nodes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"convolutions", "stems", "others"})
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"convolutions", "stems", "others"})
  void predictsWithRunningStatistics(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }
}
