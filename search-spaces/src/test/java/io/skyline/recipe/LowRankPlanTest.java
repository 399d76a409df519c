package io.skyline.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.LowRankPlan.Cut;
import io.skyline.recipe.LowRankPlan.Factors;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LowRankPlanTest {
  private final List<Node> nodes = new ArrayList<>();

  private LowRankPlanTest then(String name, Layer layer) {
    String last = nodes.isEmpty() ? Architecture.INPUT : nodes.get(nodes.size() - 1).name();
    nodes.add(new Node(name, layer, List.of(last)));
    return this;
  }

  private Architecture on(int channels, int height, int width) {
    return new Architecture(new Shape(channels, height, width), nodes);
  }

  /** A layer over some channels between a stem and class scores. */
  private static Architecture around(int channels, Convolution layer) {
    return new LowRankPlanTest()
        .then("stem", Convolution.same(channels, 3, 1))
        .then("layer", layer)
        .then("flat", new Flatten())
        .then("scores", new Dense(4, true))
        .on(3, 12, 10);
  }

  private static Factors factors(Architecture architecture, Method method, double share) {
    Factors factors = LowRankPlan.of(architecture, method, share).layers().get("layer");
    assertThat(factors).isNotNull();
    return factors;
  }

  @Test
  void factorsMayBeFactoredAgain() {
    Architecture once =
        LowRankPlan.of(around(32, Convolution.same(32, 3, 1)), Method.CHANNEL, 0.5).factored();
    Architecture twice = LowRankPlan.of(once, Method.SVD, 0.5).factored();
    assertThat(twice.nodes()).extracting(Node::name).contains("layer_basis", "layer_basis2");
  }

  @Test
  void aDenseLayerIsTwo() {
    Architecture net =
        new LowRankPlanTest()
            .then("flat", new Flatten())
            .then("layer", new Dense(300, true))
            .then("scores", new Dense(2, false))
            .on(1, 10, 10);
    LowRankPlan plan = LowRankPlan.of(net, Method.SVD, 0.5);
    // 0.5 x 300 x 100 / (300 + 100) = 37.5; 2 x 300 weights as 1 x (2 + 300)
    assertThat(plan.factored().nodes())
        .containsExactly(
            net.nodes().get(0),
            new Node("layer_basis", new Dense(37, false), List.of("flat")),
            new Node("layer", new Dense(300, true), List.of("layer_basis")),
            new Node("scores_basis", new Dense(1, false), List.of("layer")),
            new Node("scores", new Dense(2, false), List.of("scores_basis")));
  }

  @Test
  void channelsFirstGoThroughTheWindowAndAreThenMixed() {
    Architecture net = around(64, new Convolution(64, 3, 2, 1, 1, true));
    Factors factors = factors(net, Method.CHANNEL, 0.5);
    // 0.5 x 64 x 576 / (64 + 576) = 28.8
    assertThat(factors.cut()).isEqualTo(Cut.OUTPUTS);
    assertThat(factors.rank()).isEqualTo(32);
    assertThat(factors.basis().layer()).isEqualTo(new Convolution(32, 3, 2, 1, 1, false));
    assertThat(factors.mixing().layer()).isEqualTo(new Convolution(64, 1, 1, 0, 1, true));
  }

  @Test
  void spatialFactorsReachOverOneAxisEach() {
    Architecture net = around(32, new Convolution(32, 3, 1, 1, 1, true));
    Factors factors = factors(net, Method.SPATIAL, 0.5);
    // 0.5 x 32 x 32 x 9 / (32 x 3 + 32 x 3) = 24
    assertThat(factors.cut()).isEqualTo(Cut.COLUMNS);
    assertThat(factors.basis().layer())
        .isEqualTo(new Convolution(24, 3, 1, 1, 1, false).with(Window.Form.COLUMN));
    assertThat(factors.mixing().layer())
        .isEqualTo(new Convolution(32, 3, 1, 1, 1, true).with(Window.Form.ROW));
    assertThat(LowRankPlan.of(net, Method.SPATIAL, 0.5).factored().shape("layer_basis"))
        .isEqualTo(new Shape(24, 12, 10));
  }

  @Test
  void aStrideLeavesRoomForFewerSpatialRanks() {
    Architecture net = around(32, new Convolution(32, 3, 2, 1, 1, true));
    int rank = factors(net, Method.SPATIAL, 0.1).rank();
    // all of 6 x 5 x 9216 multiply-accumulates; a rank takes 6 x 10 x 96 + 6 x 5 x 96 = 8640
    assertThat(rank).isEqualTo(32);
    assertThat(factors(around(32, Convolution.same(32, 3, 1)), Method.SPATIAL, 0.1).rank())
        .isEqualTo(40);
  }

  @Test
  void signalsAreFactoredByChannels() {
    Convolution row = new Convolution(32, 9, 2, 4, 1, true).with(Window.Form.ROW);
    Factors factors = factors(around(32, row), Method.SPATIAL, 0.5);
    assertThat(factors.cut()).isEqualTo(Cut.OUTPUTS);
    assertThat(factors.basis().layer()).isEqualTo(row.over(16, 1).withoutBias());
  }

  @Test
  void leavesWhatCannotGain() {
    for (Method method : Method.values()) {
      LowRankPlan plan = LowRankPlan.of(around(16, Convolution.depthwise(16, 3, 1)), method, 0.5);
      assertThat(plan.layers()).containsOnlyKeys("scores");
      Architecture thin = around(1, new Convolution(2, 1, 1, 0, 1, true));
      assertThat(LowRankPlan.of(thin, method, 0.5).layers()).containsOnlyKeys("scores");
    }
    Architecture wide = around(32, Convolution.same(32, 3, 1));
    assertThat(LowRankPlan.of(wide, Method.SVD, 0.5).layers()).containsOnlyKeys("scores");
  }

  @Property
  void weightsFallAsAskedAndWorkNeverGrows(
      @ForAll @IntRange(min = 1, max = 70) int channels,
      @ForAll @IntRange(min = 1, max = 70) int outputs,
      @ForAll @IntRange(min = 1, max = 5) int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll Method method,
      @ForAll @DoubleRange(min = 0.01, max = 0.95) double share) {
    Architecture net =
        around(channels, new Convolution(outputs, kernel, stride, kernel / 2, 1, true));
    LowRankPlan plan = LowRankPlan.of(net, method, share);
    NetworkCost before = NetworkCost.of(net, Storage.FP32);
    NetworkCost after = NetworkCost.of(plan.factored(), Storage.FP32);
    assertThat(after.macs()).isLessThanOrEqualTo(before.macs());

    plan.layers()
        .forEach(
            (name, factors) -> {
              double whole = kernel(net, name);
              double left =
                  kernel(plan.factored(), name) + kernel(plan.factored(), name + "_basis");
              double each = left / factors.rank();
              assertThat(left).isLessThan(whole);
              // half a step of eight above what was asked for, or the first rank
              assertThat(left).isLessThanOrEqualTo(Math.max((1 - share) * whole + 4 * each, each));
              if (factors.rank() > LowRankPlan.STEP && !name.equals("scores")) {
                assertThat(factors.rank() % LowRankPlan.STEP).isZero();
              }
            });
  }

  @Property
  void aStrideOfOneLosesNoMoreThanAsked(
      @ForAll @IntRange(min = 8, max = 70) int width,
      @ForAll Method method,
      @ForAll @DoubleRange(min = 0.2, max = 0.9) double share) {
    Architecture net = around(width, Convolution.same(width, 3, 1));
    LowRankPlan plan = LowRankPlan.of(net, method, share);
    Factors factors = plan.layers().get("layer");
    if (factors != null) {
      double left = kernel(plan.factored(), "layer") + kernel(plan.factored(), "layer_basis");
      double each = left / factors.rank();
      assertThat(left).isGreaterThan((1 - share) * kernel(net, "layer") - 8 * each);
    }
  }

  private static double kernel(Architecture architecture, String name) {
    return architecture.nodes().stream()
        .filter(node -> node.name().equals(name))
        .mapToLong(node -> architecture.parameters(node).get(0).size())
        .sum();
  }
}
