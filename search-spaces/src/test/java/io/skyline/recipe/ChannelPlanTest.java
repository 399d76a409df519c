package io.skyline.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import io.skyline.recipe.ChannelPlan.Span;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelPlanTest {
  private static final Activation RELU = new Activation(Activation.Function.RELU);

  private final List<Node> nodes = new ArrayList<>();

  private ChannelPlanTest add(String name, Layer layer, String... inputs) {
    nodes.add(new Node(name, layer, List.of(inputs)));
    return this;
  }

  private Architecture on(int channels, int extent) {
    return new Architecture(new Shape(channels, extent, extent), nodes);
  }

  private static int set(ChannelPlan plan, String node) {
    return plan.layout(node).spans().get(0).set();
  }

  @ParameterizedTest
  @CsvSource({
    "32, 0.5, 16", "32, 0.25, 24", "16, 0.25, 16", "24, 0.5, 16", "16, 0.5, 8", "8, 0.5, 8",
    "8, 0.99, 8", "5, 0.5, 5", "20, 0.5, 8", "30, 0.01, 30", "30, 0, 30", "64, 0.9, 8"
  })
  void keepsTheNearestMultipleOfEight(int channels, double ratio, int kept) {
    assertThat(ChannelPlan.kept(channels, ratio)).isEqualTo(kept);
  }

  @Property
  void keepsAStepOfEightOrEverything(
      @ForAll @IntRange(min = 1, max = 2048) int channels,
      @ForAll @DoubleRange(min = 0, max = 0.99) double ratio) {
    int kept = ChannelPlan.kept(channels, ratio);
    assertThat(kept).isBetween(1, channels);
    assertThat(kept % 8 == 0 || kept == channels).isTrue();
    if (channels >= 16) {
      assertThat(Math.abs(kept - Math.max(8, channels * (1 - ratio)))).isLessThanOrEqualTo(4.0001);
    }
  }

  @Test
  void prunesConvolutionsTogetherWithWhatReadsThem() {
    Architecture pruned =
        ChannelPlan.of(
                add("c1", Convolution.same(32, 3, 1), "image")
                    .add("n1", new BatchNorm(), "c1")
                    .add("r1", RELU, "n1")
                    .add("d2", Convolution.depthwise(32, 3, 2), "r1")
                    .add("p2", Convolution.pointwise(64), "d2")
                    .add("m", new Pooling(Pooling.Kind.MAX, 2, 2, 0), "p2")
                    .add("f", new Flatten(), "m")
                    .add("h", new Dense(48, true), "f")
                    .add("o", new Dense(10, true), "h")
                    .on(1, 8),
                0.5)
            .pruned();
    assertThat(pruned.shape("c1").channels()).isEqualTo(16);
    assertThat(pruned.nodes().get(3).layer()).isEqualTo(Convolution.depthwise(16, 3, 2));
    assertThat(pruned.shape("p2").channels()).isEqualTo(32);
    assertThat(pruned.shape("f")).isEqualTo(Shape.flat(32 * 2 * 2));
    assertThat(pruned.shape("h")).isEqualTo(Shape.flat(24));
    assertThat(pruned.classes()).isEqualTo(10);
  }

  @Test
  void tiesResidualsIntoOneSet() {
    ChannelPlan plan =
        ChannelPlan.of(
            add("stem", Convolution.same(16, 3, 1), "image")
                .add("expand", Convolution.pointwise(64), "stem")
                .add("deep", Convolution.depthwise(64, 3, 1), "expand")
                .add("project", Convolution.pointwise(16), "deep")
                .add("sum", new Add(), "stem", "project")
                .add("again", Convolution.pointwise(16), "sum")
                .add("sum2", new Add(), "sum", "again")
                .add("pool", new GlobalAveragePool(), "sum2")
                .add("o", new Dense(10, true), "pool")
                .on(3, 8),
            0.5);
    assertThat(plan.layout("stem")).isEqualTo(plan.layout("sum2")).isEqualTo(plan.layout("again"));
    assertThat(plan.layout("deep")).isEqualTo(plan.layout("expand"));
    ChannelPlan.ChannelSet residual = plan.sets().get(set(plan, "stem"));
    assertThat(residual.makers())
        .extracting(Node::name)
        .containsExactly("stem", "project", "again");
    assertThat(residual.kept()).isEqualTo(8);
    assertThat(plan.pruned().shape("sum2").channels()).isEqualTo(8);
    assertThat(plan.pruned().shape("expand").channels()).isEqualTo(32);
  }

  @Test
  void leavesInputClassesAndGroupedConvolutionsAlone() {
    Architecture architecture =
        add("d", Convolution.depthwise(16, 3, 1), "image")
            .add("a", Convolution.pointwise(16), "d")
            .add("s", new Add(), "image", "a")
            .add("b", Convolution.pointwise(32), "s")
            .add("g", new Convolution(32, 3, 1, 1, 4, false), "b")
            .add("x", new GlobalAveragePool(), "g")
            .add("o", new Dense(16, true), "x")
            .on(16, 4);
    assertThat(ChannelPlan.of(architecture, 0.5).pruned()).isEqualTo(architecture);
  }

  @Test
  void leavesWhatAnIndexLayerReadsAlone() {
    Architecture architecture =
        add("a", Convolution.same(16, 3, 1), "image")
            .add("index", new Select(List.of(3, 1, 3, 9, 15, 0, 7, 2)), "a")
            .add("b", Convolution.pointwise(32), "index")
            .add("x", new GlobalAveragePool(), "b")
            .add("o", new Dense(10, true), "x")
            .on(1, 4);
    Architecture pruned = ChannelPlan.of(architecture, 0.5).pruned();
    assertThat(pruned.nodes().subList(0, 2)).isEqualTo(architecture.nodes().subList(0, 2));
    assertThat(pruned.shape("b").channels()).isEqualTo(16);
  }

  @Test
  void layoutCountsThePixelsOfAFlattenedChannel() {
    ChannelPlan plan =
        ChannelPlan.of(
            add("c", Convolution.same(16, 3, 1), "image")
                .add("f", new Flatten(), "c")
                .add("n", new BatchNorm(), "f")
                .add("o", new Dense(10, false), "n")
                .on(1, 5),
            0.5);
    assertThat(plan.layout("n").spans()).containsExactly(new Span(set(plan, "c"), 25));
  }

  @Test
  void flattenedMapsOfDifferentExtentsAreNotPruned() {
    Architecture architecture =
        add("c", Convolution.same(16, 3, 1), "image")
            .add("big", Convolution.same(64, 3, 2), "c")
            .add("one", new Flatten(), "c")
            .add("two", new Flatten(), "big")
            .add("s", new Add(), "one", "two")
            .add("o", new Dense(10, true), "s")
            .on(1, 4);
    assertThat(ChannelPlan.of(architecture, 0.5).pruned()).isEqualTo(architecture);
  }

  @Test
  void recipesTellWhatTheyLeave() {
    Architecture architecture =
        add("c", Convolution.same(32, 3, 1), "image")
            .add("x", new GlobalAveragePool(), "c")
            .add("o", new Dense(10, true), "x")
            .on(1, 4);
    Recipe recipe =
        new Recipe(List.of(new ChannelPruning(0.5, 1), new Quantization(Precision.INT8)));
    assertThat(recipe.deployed(architecture).shape("c").channels()).isEqualTo(16);
    assertThat(Recipe.NONE.deployed(architecture)).isEqualTo(architecture);
  }

  @Test
  void refusesRatiosThatLeaveNothing() {
    Architecture architecture =
        add("x", new GlobalAveragePool(), "image").add("o", new Dense(2, true), "x").on(1, 4);
    assertThatThrownBy(() -> ChannelPlan.of(architecture, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 1)");
  }

  @Test
  void aGlimpsePassesTheMapsChannelsOnAndKeepsItsPosition() {
    ChannelPlan plan =
        ChannelPlan.of(
            add("c", Convolution.same(32, 3, 1), "image")
                .add("hidden", Convolution.same(16, 3, 1), "c")
                .add("scores", Convolution.pointwise(1), "hidden")
                .add("place", new SoftArgmax(1), "scores")
                .add("mean", new GlobalAveragePool(), "hidden")
                .add("shift", new Dense(2, true), "mean")
                .add("where", new Add(), "place", "shift")
                .add("window", new Glimpse(3, 3), "c", "where")
                .add("x", new GlobalAveragePool(), "window")
                .add("o", new Dense(10, true), "x")
                .on(1, 8),
            0.5);
    Architecture pruned = plan.pruned();
    assertThat(plan.layout("window")).isEqualTo(plan.layout("c"));
    assertThat(pruned.shape("window")).isEqualTo(new Shape(16, 3, 3));
    assertThat(pruned.shape("hidden").channels()).isEqualTo(8);
    assertThat(pruned.shape("scores").channels()).isEqualTo(1);
    assertThat(pruned.shape("where")).isEqualTo(Glimpse.POSITION);
  }

  @Test
  void scoresOfExitsStay() {
    add("conv", Convolution.same(32, 3, 1), "image")
        .add("pool", new GlobalAveragePool(), "conv")
        .add("exit", new Dense(16, true), "pool")
        .add("more", Convolution.same(64, 3, 1), "conv")
        .add("head", new GlobalAveragePool(), "more")
        .add("scores", new Dense(16, true), "head");
    Architecture network = new Architecture(new Shape(1, 8, 8), nodes, List.of("exit"));

    Architecture pruned = ChannelPlan.of(network, 0.5).pruned();

    assertThat(pruned.exits()).containsExactly("exit");
    assertThat(pruned.shape("exit")).isEqualTo(new Shape(16, 1, 1));
    assertThat(pruned.shape("pool")).isEqualTo(new Shape(16, 1, 1));
    assertThat(pruned.shape("head")).isEqualTo(new Shape(32, 1, 1));
  }

  @Test
  void prunesEachPartByItsOwnRatio() {
    Architecture chain =
        add("c1", Convolution.same(32, 3, 1), "image")
            .add("c2", Convolution.same(32, 3, 1), "c1")
            .add("c3", Convolution.same(32, 3, 1), "c2")
            .add("c4", Convolution.same(32, 3, 1), "c3")
            .add("pool", new GlobalAveragePool(), "c4")
            .add("o", new Dense(10, true), "pool")
            .on(1, 8);
    assertThat(widths(ChannelPlan.of(chain, List.of(0.0, 0.5)))).containsExactly(32, 32, 16, 16);
    assertThat(widths(ChannelPlan.of(chain, List.of(0.75, 0.0, 0.5))))
        .containsExactly(8, 8, 32, 16);
    assertThat(widths(ChannelPlan.of(chain, List.of(0.75, 0.0, 0.5, 0.25, 0.0, 0.0, 0.0, 0.75))))
        .containsExactly(8, 16, 32, 32);
    assertThat(widths(ChannelPlan.of(chain, List.of(0.5))))
        .isEqualTo(widths(ChannelPlan.of(chain, 0.5)));
    assertThatThrownBy(() -> ChannelPlan.of(chain, List.of(0.5, 1.0)))
        .hasMessageContaining("not 1.0");
  }

  private static List<Integer> widths(ChannelPlan plan) {
    Architecture pruned = plan.pruned();
    assertThat(pruned.classes()).isEqualTo(10);
    return List.of("c1", "c2", "c3", "c4").stream().map(c -> pruned.shape(c).channels()).toList();
  }
}
