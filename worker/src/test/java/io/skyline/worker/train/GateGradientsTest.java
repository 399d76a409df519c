package io.skyline.worker.train;

import static io.skyline.worker.train.GradientCheck.inner;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations after every kind of layer, gates, and reductions over channels. */
class GateGradientsTest {
  static Stream<Arguments> activations() {
    List<Arguments> cases = new ArrayList<>();
    for (Function function : Function.values()) {
      if (function == Function.SIGN) {
        continue; // whose gradient is not the derivative: SignGradientTest
      }
      for (int channels : new int[] {16, 12, 5}) {
        Layer then = new Activation(function);
        String text = ", then " + function + " over " + channels;
        Layer on = Convolution.pointwise(9);
        cases.add(
            inner("pooling" + text, channels, new Pooling(Pooling.Kind.MAX, 2, 2, 0), then, on));
        cases.add(
            inner(
                "convolution" + text,
                channels,
                new Convolution(channels, 3, 1, 1, 1, true),
                then,
                on));
        cases.add(
            inner("depthwise" + text, channels, Convolution.depthwise(channels, 5, 1), then, on));
        cases.add(inner("normalization" + text, channels, new BatchNorm(), then, on));
        cases.add(inner("dense" + text, channels, new Flatten(), new Dense(11, true), then));
        cases.add(inner("means" + text, channels, new GlobalAveragePool(), then, on));
      }
    }
    return cases.stream();
  }

  private static Arguments net(String name, int channels, Node... inner) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(Nets.node("stem", Convolution.same(channels, 3, 1), Architecture.INPUT));
    nodes.addAll(List.of(inner));
    nodes.add(Nets.node("flat", new Flatten(), inner[inner.length - 1].name()));
    nodes.add(Nets.node("scores", new Dense(4, true), "flat"));
    return Arguments.of(name, new Architecture(new Shape(3, 6, 5), nodes));
  }

  static Stream<Arguments> gates() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {16, 12, 1}) {
      String over = " over " + channels;
      Node mean = Nets.node("mean", new GlobalAveragePool(), "stem");
      cases.add(
          net(
              "by its own mean" + over,
              channels,
              mean,
              Nets.node("gated", new Multiply(), "stem", "mean")));
      cases.add(
          net(
              "a gate of channels, input read twice" + over,
              channels,
              mean,
              Nets.node("gate", new Dense(channels, true), "mean"),
              Nets.node("gated", new Multiply(), "stem", "gate"),
              Nets.node("sum", new Add(), "gated", "stem"),
              Nets.node("conv", Convolution.pointwise(8), "sum")));
      cases.add(
          net(
              "flat by flat" + over,
              channels,
              mean,
              Nets.node("gate", new Dense(channels, true), "mean"),
              Nets.node("gated", new Multiply(), "mean", "gate")));
      for (Pooling.Kind kind : Pooling.Kind.values()) {
        cases.add(
            net(
                kind + " of channels as gate" + over,
                channels,
                Nets.node("map", new ChannelPooling(kind), "stem"),
                Nets.node("gated", new Multiply(), "stem", "map")));
        cases.add(
            net(
                kind + " of channels, then a convolution" + over,
                channels,
                Nets.node("map", new ChannelPooling(kind), "stem"),
                Nets.node("gate", new Convolution(1, 3, 1, 1, 1, true), "map"),
                Nets.node("act", new Activation(Function.SIGMOID), "gate"),
                Nets.node("gated", new Multiply(), "stem", "act"),
                Nets.node("conv", Convolution.same(8, 3, 1), "gated")));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"activations", "gates"})
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"activations", "gates"})
  void predictsWithRunningStatistics(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }

  /** After a ReLU many channels are equally zero: one of them takes the gradient. */
  @ParameterizedTest
  @EnumSource(Pooling.Kind.class)
  void poolsChannelsOfManyZeros(Pooling.Kind kind) {
    GradientCheck.predictions(
        Nets.chain(
            new Shape(3, 6, 6),
            Convolution.same(12, 3, 1),
            new Activation(Function.RELU),
            new ChannelPooling(kind),
            new Flatten(),
            new Dense(4, true)));
  }
}
