package io.skyline.worker.compress;

import static io.skyline.recipe.Precision.INT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.FakeQuantization;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.recipe.Quantization;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.ByteReads;
import io.skyline.worker.export.ByteScale;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Blocks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.ActivationRanges;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteTrainingTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();

  static Stream<Arguments> networks() {
    Stream<Arguments> blocks =
        Blocks.all().entrySet().stream()
            .map(block -> Arguments.of(block.getKey(), block.getValue()));
    Stream<Arguments> random =
        IntStream.range(0, 20)
            .mapToObj(
                seed ->
                    Arguments.of(
                        "seed " + seed, SampleNetworks.random(new SplittableRandom(seed))));
    return Stream.concat(blocks, random);
  }

  /**
   * Biases moved to where the file stores them: a value pushed over the middle between two bytes
   * moves by a whole byte, and further layers make more of it.
   */
  private static Network withStoredBiases(Network network, Encoding.Int8 encoding) {
    ByteReads reads = ByteReads.of(network.architecture());
    Map<String, float[]> tensors = new LinkedHashMap<>(network.weights().tensors());
    for (Node node : network.architecture().nodes()) {
      float[] bias = tensors.get(Weights.key(node, "bias"));
      if (bias != null) {
        String source = reads.source(node.inputs().get(0));
        float step = ByteScale.of(source, network.normalization(), encoding.ranges()).scale();
        float[] kernel = network.weights().get(node, "kernel");
        float[] stored = bias.clone();
        int fan = kernel.length / bias.length;
        for (int o = 0; o < bias.length; o++) {
          float largest = 0;
          for (int i = o * fan; i < (o + 1) * fan; i++) {
            largest = Math.max(largest, Math.abs(kernel[i]));
          }
          double scale = (double) step * (largest / Encoding.Int8.KERNEL_LIMIT);
          stored[o] = scale == 0 ? bias[o] : (float) (Math.rint(bias[o] / scale) * scale);
        }
        tensors.put(Weights.key(node, "bias"), stored);
      }
    }
    return new Network(network.architecture(), new Weights(tensors), network.normalization());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void theTrainerComputesWhatTheRuntimeDoesOnBytes(String name, Architecture architecture) {
    Network drawn = BatchNormFolding.fold(SampleNetworks.drawn(architecture, 5));
    Examples images = SampleNetworks.images(architecture.input(), 64, architecture.classes(), 3);
    var grids = new Quantization(INT8).grids(architecture);
    Network rounded = Grids.round(drawn, grids);
    Encoding.Int8 encoding = ActivationRanges.measure(rounded, images);
    Network stored = withStoredBiases(rounded, encoding);
    float[] floats = ENGINE.predict(stored, images);
    float[] onBytes = ENGINE.predict(ByteTraining.of(stored, encoding), images);
    try (ModelSession session = ModelSession.load(OnnxWriter.write(stored, encoding))) {
      float[] runtime = session.predict(images);
      assertThat(distance(runtime, onBytes))
          .isLessThan(Math.max(distance(runtime, floats) / 50, 1e-7));
    }
  }

  /** A normalization that is still one in training rounds like the layer it will be folded into. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void normalizationsMayStillBeThere(String name, Architecture architecture) {
    Network drawn = SampleNetworks.drawn(architecture, 5);
    Examples images = SampleNetworks.images(architecture.input(), 64, architecture.classes(), 3);
    Network folded = BatchNormFolding.fold(drawn);
    Encoding.Int8 encoding = ActivationRanges.measure(folded, images);
    float[] floats = ENGINE.predict(folded, images);
    float[] one = ENGINE.predict(ByteTraining.of(drawn, encoding), images);
    float[] other = ENGINE.predict(ByteTraining.of(folded, encoding), images);
    assertThat(distance(one, other)).isLessThan(Math.max(distance(one, floats) / 50, 1e-7));
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(one[i] - other[i]) / one.length;
    }
    return sum;
  }

  private static Node node(String name, Layer layer, String... inputs) {
    return new Node(name, layer, List.of(inputs));
  }

  @Test
  void roundingsStandBehindFoldedNormalizationsAndFusedActivationsAndBeforeDropout() {
    Architecture architecture =
        new Architecture(
            new Shape(1, 8, 8),
            List.of(
                node("a", Convolution.same(8, 3, 1), Architecture.INPUT),
                node("a_norm", new BatchNorm(), "a"),
                node("a_relu", SampleNetworks.RELU, "a_norm"),
                node("b", Convolution.same(8, 3, 1), "a_relu"),
                node("b_norm", new BatchNorm(), "b"),
                node("sum", new Add(), "a_relu", "b_norm"),
                node("gap", new GlobalAveragePool(), "sum"),
                node("drop", new Dropout(0.5), "gap"),
                node("scores", new Dense(4, true), "drop")));
    Network network = SampleNetworks.drawn(architecture, 1);
    Examples images = SampleNetworks.images(architecture.input(), 8, 4, 3);
    Encoding.Int8 encoding = ActivationRanges.measure(BatchNormFolding.fold(network), images);
    Architecture form = ByteTraining.of(network, encoding).architecture();
    assertThat(form.nodes())
        .filteredOn(n -> n.layer() instanceof FakeQuantization)
        .extracting(Node::inputs)
        .containsExactly(
            List.of(Architecture.INPUT),
            List.of("a_relu"),
            List.of("b_norm"),
            List.of("sum"),
            List.of("gap"));
    assertThat(form.nodes())
        .filteredOn(n -> !(n.layer() instanceof FakeQuantization))
        .extracting(Node::inputs)
        .containsExactly(
            List.of("image_bytes"),
            List.of("a"),
            List.of("a_norm"),
            List.of("a_relu_bytes"),
            List.of("b"),
            List.of("a_relu_bytes", "b_norm_bytes"),
            List.of("sum_bytes"),
            List.of("gap_bytes"),
            List.of("drop"));
  }

  /**
   * The same network where channels of one map differ by up to 2^10.5 in range, as equalizing them
   * (Nagel et al. 2019, section 4.1) would undo: in floats it computes the same.
   */
  private static Network ofCoarseRanges(Network network) {
    Map<String, float[]> tensors = new LinkedHashMap<>(network.weights().tensors());
    float[] gamma = network.weights().tensors().get("wide_norm.gamma").clone();
    float[] beta = network.weights().tensors().get("wide_norm.beta").clone();
    float[] scores = network.weights().tensors().get("scores.kernel").clone();
    int places = scores.length / 10 / gamma.length;
    for (int c = 0; c < gamma.length; c++) {
      float factor = (float) Math.pow(2, 1.5 * (c % 8));
      gamma[c] *= factor;
      beta[c] *= factor;
      for (int i = 0; i < scores.length; i++) {
        scores[i] /= i / places % gamma.length == c ? factor : 1;
      }
    }
    tensors.put("wide_norm.gamma", gamma);
    tensors.put("wide_norm.beta", beta);
    tensors.put("scores.kernel", scores);
    return new Network(network.architecture(), new Weights(tensors), network.normalization());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void trainingOnBytesRegainsWhatCoarseRangesCost(long seed) {
    SmallFashion fashion = SmallFashion.of(seed);
    Network coarse = ofCoarseRanges(fashion.trained());
    double whole = SmallFashion.accuracy(coarse);
    assertThat(whole).isEqualTo(SmallFashion.accuracy(fashion.trained()));
    Encoded aware = fashion.quantized(coarse, new Quantization(INT8, 3));
    double before = SmallFashion.accuracy(fashion.quantized(coarse, new Quantization(INT8)));
    double fine = SmallFashion.accuracy(fashion.quantized(new Quantization(INT8)));
    double awareFine = SmallFashion.accuracy(fashion.quantized(new Quantization(INT8, 3)));
    double after = SmallFashion.accuracy(aware);
    System.out.printf(
        Locale.ROOT,
        "seed %d: float32 %.2f, int8 %.2f, aware %.2f; coarse ranges: int8 %.2f, aware %.2f %%%n",
        seed,
        100 * whole,
        100 * fine,
        100 * awareFine,
        100 * before,
        100 * after);
    assertThat(before).isLessThan(whole - 0.08);
    assertThat(after).isGreaterThan(before + 0.08);
    assertThat(awareFine).isGreaterThan(fine - 0.03);
    Network trainer = ByteTraining.of(aware.network(), (Encoding.Int8) aware.encoding());
    assertThat(SmallFashion.accuracy(trainer)).isCloseTo(after, within(0.005));
  }
}
