package io.skyline.worker.train;

import static io.skyline.worker.train.GradientCheck.inner;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Concatenations, shuffles, slices and index layers, alone, in a row, and read by every kind of
 * layer.
 */
class ChannelMovesTest {
  private static final Layer RELU = new Activation(Function.RELU);

  /** Some of them twice or three times, one whole block among them. */
  private static final List<Integer> SELECTED =
      List.of(3, 1, 3, 9, 8, 9, 10, 11, 12, 13, 14, 15, 0, 3, 7, 2);

  static Stream<Arguments> chains() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {16, 32, 12, 20}) {
      String over = " over " + channels;
      cases.add(inner("shuffle" + over, channels, new Shuffle(2)));
      cases.add(inner("shuffle in 4" + over, channels, new Shuffle(4)));
      cases.add(inner("two shuffles" + over, channels, new Shuffle(2), new Shuffle(4)));
      cases.add(inner("front slice" + over, channels, new Slice(0, channels / 2)));
      cases.add(inner("back slice" + over, channels, new Slice(channels / 2, channels)));
      cases.add(inner("middle slice" + over, channels, new Slice(3, channels - 2)));
      cases.add(inner("slice of slice" + over, channels, new Slice(2, 11), new Slice(1, 4)));
      Select select = new Select(SELECTED.stream().map(c -> c % channels).toList());
      cases.add(inner("index" + over, channels, select));
      cases.add(inner("index, shuffle" + over, channels, select, new Shuffle(4)));
      cases.add(inner("index, 1x1" + over, channels, select, Convolution.pointwise(8)));
      cases.add(inner("index, grouped" + over, channels, select, Convolution.grouped(12, 1, 1, 4)));
      for (Layer reader :
          new Layer[] {
            Convolution.pointwise(12),
            Convolution.same(16, 3, 2),
            Convolution.depthwise(channels, 3, 1),
            Convolution.grouped(channels, 3, 1, 4),
            new BatchNorm(),
            RELU,
            new Pooling(Pooling.Kind.MAX, 3, 2, 1),
            new GlobalAveragePool()
          }) {
        cases.add(inner("shuffle, then " + reader + over, channels, new Shuffle(4), reader));
      }
      cases.add(
          inner(
              "shuffle, slice, convolution" + over,
              channels,
              new Shuffle(2),
              new Slice(channels / 2, channels),
              Convolution.pointwise(16),
              new BatchNorm(),
              RELU));
    }
    return cases.stream();
  }

  /** A net from a stem of some channels. */
  private static Arguments net(String name, int channels, Node... inner) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(Nets.node("stem", Convolution.same(channels, 3, 1), Architecture.INPUT));
    nodes.add(Nets.node("other", Convolution.same(channels / 2, 3, 1), Architecture.INPUT));
    nodes.addAll(List.of(inner));
    nodes.add(Nets.node("flat", new Flatten(), inner[inner.length - 1].name()));
    nodes.add(Nets.node("scores", new Dense(4, true), "flat"));
    return Arguments.of(name, new Architecture(new Shape(3, 7, 6), nodes));
  }

  static Stream<Arguments> nets() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {16, 12}) {
      String over = " over " + channels;
      Node join = Nets.node("join", new Concat(), "stem", "other");
      cases.add(net("concat" + over, channels, join));
      cases.add(
          net(
              "doubled" + over,
              channels,
              Nets.node("join", new Concat(), "other", "stem", "other")));
      cases.add(net("concat, ReLU" + over, channels, join, Nets.node("relu", RELU, "join")));
      cases.add(
          net(
              "concat, convolution" + over,
              channels,
              join,
              Nets.node("conv", Convolution.pointwise(8), "join")));
      cases.add(
          net(
              "parts read elsewhere" + over,
              channels,
              join,
              Nets.node("conv", Convolution.pointwise(channels), "join"),
              Nets.node("sum", new Add(), "conv", "stem"),
              Nets.node("again", new Concat(), "sum", "stem")));
      cases.add(
          net(
              "sum of shuffled and plain" + over,
              channels,
              Nets.node("mixed", new Shuffle(4), "stem"),
              Nets.node("sum", new Add(), "mixed", "stem"),
              Nets.node("join", new Concat(), "sum", "other")));
      cases.add(
          net(
              "halves swapped and read twice" + over,
              channels,
              join,
              Nets.node("front", new Slice(0, channels / 2), "join"),
              Nets.node("back", new Slice(channels / 2, channels + channels / 2), "join"),
              Nets.node("swapped", new Concat(), "back", "front"),
              Nets.node("deep", Convolution.depthwise(channels * 3 / 2, 3, 1), "swapped"),
              Nets.node("point", Convolution.pointwise(8), "swapped"),
              Nets.node("end", new Concat(), "deep", "point", "front")));
      cases.add(
          net(
              "some channels never read" + over,
              channels,
              join,
              Nets.node("front", new Slice(0, channels - 3), "join"),
              Nets.node("conv", Convolution.pointwise(8), "front")));
      cases.add(
          net(
              "flat vectors" + over,
              channels,
              Nets.node("one", new GlobalAveragePool(), "stem"),
              Nets.node("two", new GlobalAveragePool(), "other"),
              Nets.node("three", new Dense(7, true), "one"),
              Nets.node("join", new Concat(), "one", "two", "three"),
              Nets.node("mixed", new Dense(6, true), "join"),
              Nets.node("both", new Concat(), "mixed", "three"),
              Nets.node("end", new Dense(5, true), "both")));
    }
    return cases.stream();
  }

  static Stream<Arguments> images() {
    return Stream.of(new Slice(1, 3), new Shuffle(3), new Slice(2, 3), new Select(List.of(2, 0, 2)))
        .map(
            layer ->
                Arguments.of(
                    layer + " of the image",
                    Nets.chain(
                        new Shape(3, 6, 6),
                        layer,
                        Convolution.same(8, 3, 1),
                        new Flatten(),
                        new Dense(4, true))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"chains", "nets", "images"})
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"chains", "nets", "images"})
  void predictsWithRunningStatistics(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }
}
