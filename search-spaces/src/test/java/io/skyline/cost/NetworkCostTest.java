package io.skyline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Metric;
import io.skyline.space.Candidate;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Small networks counted by hand. */
class NetworkCostTest {
  private static final Shape INPUT = new Shape(1, 4, 4);

  private static Node node(String name, Layer layer, String... inputs) {
    return new Node(name, layer, List.of(inputs));
  }

  /** Ends in 8 x 4 x 4, pooled to 8 features, then 2 classes. */
  private static Architecture small(Node... body) {
    List<Node> nodes = new java.util.ArrayList<>(List.of(body));
    nodes.add(node("pool", new GlobalAveragePool(), body[body.length - 1].name()));
    nodes.add(node("scores", new Dense(2, true), "pool"));
    return new Architecture(INPUT, nodes);
  }

  private static final Architecture PLAIN =
      small(
          node("conv", Convolution.same(8, 3, 1), "image"),
          node("relu", new Activation(Function.RELU), "conv"));

  private static LayerCost layer(NetworkCost cost, String name) {
    return cost.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void countsFloat32() {
    NetworkCost cost = NetworkCost.of(PLAIN, Storage.FP32);

    assertThat(cost.parameters()).isEqualTo(72 + 16 + 2);
    assertThat(cost.macs()).isEqualTo(8 * 16 * 9 + 16);
    assertThat(cost.weightBytes()).isEqualTo(360);
    assertThat(cost.peakActivationBytes()).isEqualTo(16 * 4 + 128 * 4);
    assertThat(cost.activationValues()).isEqualTo(16 + 128 + 8 + 2);
    // 1168 MACs, 128 additions, 360 bytes of weights, 144 + 136 + 10 words of activations
    double picojoules = 1168 * 4.6 + 128 * 0.9 + 90 * 640 + 290 * 5;
    assertThat(cost.energy()).isCloseTo(picojoules / 1e6, Offset.offset(1e-12));
  }

  @Test
  void halvesOnlyTheWeightsInFp16() {
    NetworkCost cost = NetworkCost.of(PLAIN, Storage.FP16);

    assertThat(cost.weightBytes()).isEqualTo(180);
    assertThat(cost.peakActivationBytes()).isEqualTo(16 * 4 + 128 * 4);
  }

  @Test
  void int8KeepsWideBiasesScalesAndAFloatInput() {
    NetworkCost cost = NetworkCost.of(PLAIN, Storage.INT8);

    assertThat(cost.weightBytes()).isEqualTo((72 + 16) + 2 * 4 + (8 + 2) * 4);
    assertThat(cost.peakActivationBytes()).isEqualTo(16 * 4 + 128);
    double picojoules = 1168 * 0.23 + 128 * 0.03 + 136 / 4.0 * 640 + 290 / 4.0 * 5;
    assertThat(cost.energy()).isCloseTo(picojoules / 1e6, Offset.offset(1e-12));
  }

  @Test
  void aFoldedNormalizationCountsAsItsProducersBias() {
    Architecture normalized =
        small(
            node("conv", Convolution.same(8, 3, 1), "image"),
            node("bn", new BatchNorm(), "conv"),
            node("relu", new Activation(Function.RELU), "bn"));
    Architecture folded =
        small(
            node("conv", new Convolution(8, 3, 1, 1, 1, true), "image"),
            node("relu", new Activation(Function.RELU), "conv"));

    for (Storage storage : Storage.values()) {
      assertThat(NetworkCost.of(normalized, storage).scorecard())
          .isEqualTo(NetworkCost.of(folded, storage).scorecard());
    }
    assertThat(NetworkCost.trainableParameters(normalized)).isEqualTo(72 + 16 + 18);
    assertThat(NetworkCost.of(normalized, Storage.FP32).parameters()).isEqualTo(72 + 8 + 18);
  }

  @Test
  void normalizationsInARowCountAsOneBias() {
    Architecture normalized =
        small(
            node("conv", Convolution.same(8, 3, 1), "image"),
            node("bn", new BatchNorm(), "conv"),
            node("drop", new Dropout(0.5), "bn"),
            node("again", new BatchNorm(), "drop"),
            node("relu", new Activation(Function.RELU), "again"));
    Architecture folded =
        small(
            node("conv", new Convolution(8, 3, 1, 1, 1, true), "image"),
            node("relu", new Activation(Function.RELU), "conv"));

    for (Storage storage : Storage.values()) {
      assertThat(NetworkCost.of(normalized, storage).scorecard())
          .isEqualTo(NetworkCost.of(folded, storage).scorecard());
    }
  }

  @Test
  void aNormalizationThatFollowsNoConvolutionStays() {
    Architecture network =
        small(
            node("conv", Convolution.same(8, 3, 1), "image"),
            node("relu", new Activation(Function.RELU), "conv"),
            node("bn", new BatchNorm(), "relu"));

    LayerCost cost = layer(NetworkCost.of(network, Storage.FP32), "bn");
    assertThat(cost.parameters()).isEqualTo(16);
    assertThat(cost.macs()).isEqualTo(128);
  }

  @Test
  void aResidualAccumulatesInPlace() {
    Architecture network =
        small(
            node("stem", Convolution.same(8, 3, 1), "image"),
            node("a", Convolution.same(8, 3, 1), "stem"),
            node("b", Convolution.same(8, 3, 1), "a"),
            node("bn", new BatchNorm(), "b"),
            node("sum", new Add(), "bn", "stem"));

    NetworkCost cost = NetworkCost.of(network, Storage.FP32);
    assertThat(layer(cost, "a").liveBytes()).isEqualTo(2 * 512);
    assertThat(layer(cost, "b").liveBytes()).isEqualTo(2 * 512);
    assertThat(layer(cost, "sum").liveBytes()).isEqualTo(512);
    assertThat(cost.peakActivationBytes()).isEqualTo(2 * 512);
  }

  @Test
  void aResidualThatIsReadAgainIsNotOverwritten() {
    Architecture network =
        small(
            node("stem", Convolution.same(8, 3, 1), "image"),
            node("a", Convolution.same(8, 3, 1), "stem"),
            node("sum", new Add(), "a", "stem"),
            node("again", new Add(), "sum", "stem"));

    NetworkCost cost = NetworkCost.of(network, Storage.FP32);
    assertThat(layer(cost, "a").liveBytes()).isEqualTo(2 * 512);
    // the sum takes over a's own buffer, since the stem's is still wanted
    assertThat(layer(cost, "sum").liveBytes()).isEqualTo(2 * 512);
    assertThat(layer(cost, "again").liveBytes()).isEqualTo(2 * 512);
  }

  @Test
  void aLongLivedInputIsNeverOverwritten() {
    Architecture network =
        new Architecture(
            new Shape(8, 4, 4),
            List.of(
                node("conv", Convolution.same(8, 3, 1), "image"),
                node("sum", new Add(), "conv", "image"),
                node("relu", new Activation(Function.RELU), "image"),
                node("both", new Add(), "sum", "relu"),
                node("flat", new Flatten(), "both"),
                node("scores", new Dense(2, false), "flat")));

    NetworkCost cost = NetworkCost.of(network, Storage.INT8);
    assertThat(layer(cost, "conv").liveBytes()).isEqualTo(512 + 128);
    assertThat(layer(cost, "relu").liveBytes()).isEqualTo(512 + 2 * 128);
    assertThat(layer(cost, "scores").liveBytes()).isEqualTo(128 + 2);
  }

  @Test
  void groupsDivideMacsAndPoolingTakesNone() {
    Architecture network =
        small(
            node("stem", Convolution.same(8, 3, 1), "image"),
            node("depthwise", Convolution.depthwise(8, 5, 1), "stem"),
            node("max", new Pooling(Pooling.Kind.MAX, 3, 1, 1), "depthwise"));

    NetworkCost cost = NetworkCost.of(network, Storage.FP32);
    assertThat(layer(cost, "depthwise").macs()).isEqualTo(128 * 25);
    assertThat(layer(cost, "depthwise").parameters()).isEqualTo(8 * 25);
    assertThat(layer(cost, "max").macs()).isZero();
  }

  @Test
  void aCandidateIsCountedAsItsRecipeLeavesIt() {
    Architecture wide =
        small(
            node("stem", Convolution.same(32, 3, 1), "image"),
            node("bn", new BatchNorm(), "stem"),
            node("conv", Convolution.same(8, 3, 1), "bn"));
    Recipe recipe =
        new Recipe(List.of(new ChannelPruning(0.5, 1), new Quantization(Precision.INT8)));
    Candidate candidate = new Candidate(wide, recipe, TrainingPlan.standard(1));

    NetworkCost cost = CandidateCost.breakdown(candidate);
    assertThat(layer(cost, "stem").output().channels()).isEqualTo(16);
    assertThat(cost.parameters()).isEqualTo(16 * 9 + 16 + 16 * 8 * 9 + 16 + 2);
    assertThat(CandidateCost.of(candidate).value(Metric.PEAK_MEMORY))
        .hasValue(cost.weightBytes() + 16 * 16 + 8 * 16);
    assertThat(CandidateCost.of(candidate).measurements().keySet())
        .containsExactlyInAnyOrderElementsOf(
            List.of(Metric.values()).stream()
                .filter(Metric::exactBeforeTraining)
                .filter(metric -> metric != Metric.PREDICTED_LATENCY) // needs a device
                .toList());
  }

  /** A map of 8 x 4 x 4, scores and a position from it, and a window of 2 x 3. */
  @Test
  void aGlimpseTakesFourProductsAValueAndASoftArgmaxTwoACell() {
    Architecture network =
        small(
            node("conv", Convolution.same(8, 3, 1), "image"),
            node("scores1", Convolution.pointwise(1), "conv"),
            node("place", new SoftArgmax(1), "scores1"),
            node("window", new Glimpse(2, 3), "conv", "place"));

    NetworkCost cost = NetworkCost.of(network, Storage.FP32);
    assertThat(layer(cost, "place").macs()).isEqualTo(16 * 2);
    assertThat(layer(cost, "window").macs()).isEqualTo(8 * 2 * 3 * 4);
    assertThat(layer(cost, "window").parameters()).isZero();
    assertThat(layer(cost, "window").fused()).isFalse();
    // the map, the scores, the position, the window
    assertThat(layer(cost, "scores1").liveBytes()).isEqualTo((128 + 16) * 4);
    assertThat(layer(cost, "window").liveBytes()).isEqualTo((128 + 2 + 48) * 4);
    assertThat(cost.peakActivationBytes()).isEqualTo((128 + 2 + 48) * 4);
    double picojoules = 192 * 4.6 + (128 + 2 + 48) * 5;
    assertThat(layer(cost, "window").femtojoules()).isEqualTo(Math.round(1000 * picojoules));
  }

  @Test
  void aGlimpseComputesInFloatEvenWhereTheRestIsInt8() {
    Architecture network =
        small(
            node("conv", Convolution.same(8, 3, 1), "image"),
            node("scores1", Convolution.pointwise(1), "conv"),
            node("place", new SoftArgmax(1), "scores1"),
            node("window", new Glimpse(2, 3), "conv", "place"));

    NetworkCost cost = NetworkCost.of(network, Storage.INT8);
    double picojoules = 192 * 4.6 + (128 + 2 + 48) * 5;
    assertThat(layer(cost, "window").femtojoules()).isEqualTo(Math.round(1000 * picojoules));
    assertThat(layer(cost, "place").femtojoules())
        .isEqualTo(Math.round(1000 * (32 * 4.6 + (16 + 2) * 5)));
    // the map in bytes, the place and the window in floats
    assertThat(layer(cost, "window").liveBytes()).isEqualTo(128 + 4 * (2 + 48));
    assertThat(layer(cost, "place").liveBytes()).isEqualTo(128 + 4 * (16 + 2));
  }

  /** The dearest way through a network: past all exits, whose scores are kept until the end. */
  @Test
  void exitsCostWhatTheyComputeAndTheirScoresStay() {
    List<Node> nodes =
        List.of(
            node("conv", Convolution.same(8, 3, 1), "image"),
            node("flat", new Flatten(), "conv"),
            node("exit", new Dense(2, true), "flat"),
            node("more", Convolution.same(16, 3, 1), "conv"),
            node("pool", new GlobalAveragePool(), "more"),
            node("scores", new Dense(2, true), "pool"));
    NetworkCost cost =
        NetworkCost.of(new Architecture(INPUT, nodes, List.of("exit")), Storage.FP32);

    assertThat(cost.parameters()).isEqualTo(72 + (256 + 2) + 1152 + 32 + 2);
    assertThat(cost.macs()).isEqualTo(8 * 16 * 9 + 256 + 16 * 16 * 8 * 9 + 32);
    // what the second convolution reads and writes, and the exit's two scores
    assertThat(layer(cost, "more").liveBytes()).isEqualTo(4 * (128 + 256 + 2));
    assertThat(layer(cost, "scores").liveBytes()).isEqualTo(4 * (16 + 2 + 2));
  }
}
