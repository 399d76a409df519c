package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window.Form;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.LowRankPlan;
import io.skyline.recipe.LowRankPlan.Factors;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.dl4j.PlainInference;
import io.skyline.worker.network.Blocks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LowRankFactorsTest {
  private static final Activation RELU = new Activation(Activation.Function.RELU);
  private static final List<Architecture> NETS =
      Stream.concat(
              Stream.of(
                  Nets.convolutional(),
                  Nets.depthwise(),
                  Nets.residual(),
                  Nets.vggLike(),
                  Nets.dense(),
                  Nets.grouped(),
                  Nets.signal()),
              Blocks.all().values().stream())
          .toList();

  private static Architecture chain(Shape input, Layer... layers) {
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (Layer layer : layers) {
      String name = "l" + nodes.size();
      nodes.add(new Node(name, layer, List.of(last)));
      last = name;
    }
    return new Architecture(input, nodes);
  }

  @Property(tries = 150)
  void kernelsOfTheRankComputeTheSame(
      @ForAll @IntRange(min = 1, max = 5) int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 0, max = 4) int padding,
      @ForAll @IntRange(min = 1, max = 2) int dilation,
      @ForAll boolean bias,
      @ForAll boolean signal,
      @ForAll Method method,
      @ForAll long seed) {
    Form form = signal ? Form.ROW : Form.SQUARE;
    int covered = (kernel - 1) * dilation + 1;
    Convolution convolution =
        new Convolution(
            14, kernel, stride, Math.min(padding, covered - 1), dilation, 1, bias, form);
    Architecture architecture =
        chain(
            new Shape(2, signal ? 1 : 13, 17),
            Convolution.same(12, 3, 1).with(form),
            RELU,
            convolution,
            new BatchNorm(),
            new Flatten(),
            new Dense(9, bias),
            RELU,
            new Dense(5, true));
    sameWhenOfLowRank(architecture, method, 0.5, seed);
  }

  @Provide
  Arbitrary<Architecture> nets() {
    return Arbitraries.of(NETS);
  }

  @Property(tries = 60)
  void wholeNetworksOfTheRankComputeTheSame(
      @ForAll("nets") Architecture architecture,
      @ForAll Method method,
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double share,
      @ForAll long seed) {
    sameWhenOfLowRank(architecture, method, share, seed);
  }

  /** Multiplies drawn factors out; factoring the products must lose nothing. */
  private static void sameWhenOfLowRank(
      Architecture architecture, Method method, double share, long seed) {
    LowRankPlan plan = LowRankPlan.of(architecture, method, share);
    Network factors = Nets.drawn(plan.factored(), seed);
    Network network = multiplied(plan, factors);
    Network factored =
        LowRankFactors.of(network, LowRankPlan.of(network.architecture(), method, share));
    assertThat(factored.architecture()).isEqualTo(plan.factored());
    double[] image =
        new SplittableRandom(seed).doubles(architecture.input().elements(), -2, 2).toArray();
    double[] expected = PlainInference.scores(network, image);
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(PlainInference.scores(factored, image))
        .containsExactly(expected, within(1e-4 * (1 + scale)));
    assertThat(PlainInference.scores(factors, image))
        .containsExactly(expected, within(1e-4 * (1 + scale)));
  }

  /** The network whose kernels are the products of drawn factors. */
  private static Network multiplied(LowRankPlan plan, Network factors) {
    Map<String, float[]> tensors = new LinkedHashMap<>(factors.weights().tensors());
    for (Factors layer : plan.layers().values()) {
      float[] basis = tensors.remove(Weights.key(layer.basis(), "kernel"));
      float[] mixing = factors.weights().get(layer.mixing(), "kernel");
      int columns = layer.mixing().layer() instanceof Convolution conv ? conv.taps() : 1;
      int row = basis.length / layer.rank();
      int outputs = mixing.length / layer.rank() / columns;
      float[] product = new float[outputs * row * columns];
      for (int o = 0; o < outputs; o++) {
        for (int r = 0; r < layer.rank(); r++) {
          for (int i = 0; i < row; i++) {
            for (int x = 0; x < columns; x++) {
              product[(o * row + i) * columns + x] +=
                  basis[r * row + i] * mixing[(o * layer.rank() + r) * columns + x];
            }
          }
        }
      }
      tensors.put(Weights.key(layer.mixing(), "kernel"), product);
    }
    return new Network(plan.original(), new Weights(tensors), factors.normalization());
  }

  @Property(tries = 30)
  void moreRanksAreNearer(@ForAll Method method, @ForAll long seed) {
    Network network =
        Nets.drawn(
            chain(
                new Shape(2, 6, 6),
                Convolution.same(24, 3, 1),
                new Convolution(24, 3, 1, 1, 1, true),
                new Flatten(),
                new Dense(40, true)),
            seed);
    double last = Double.POSITIVE_INFINITY;
    for (double share : new double[] {0.9, 0.5, 0.1}) {
      LowRankPlan plan = LowRankPlan.of(network.architecture(), method, share);
      Network product =
          multiplied(
              plan,
              LowRankFactors.of(network, LowRankPlan.of(network.architecture(), method, share)));
      double distance = distance(network, product);
      assertThat(distance).isLessThan(last).isPositive();
      last = distance;
    }
  }

  private static double distance(Network one, Network other) {
    double sum = 0;
    for (Map.Entry<String, float[]> tensor : one.weights().tensors().entrySet()) {
      float[] values = other.weights().tensors().get(tensor.getKey());
      for (int i = 0; i < values.length; i++) {
        sum += Math.pow(values[i] - tensor.getValue()[i], 2);
      }
    }
    return sum;
  }

  @Test
  void leavesTheGivenWeightsAlone() {
    Network network = Nets.drawn(Nets.residual(), 2);
    LowRankFactors.of(network, LowRankPlan.of(network.architecture(), Method.SPATIAL, 0.5));
    CompressionStepContract.assertEqual(
        network.weights(), Nets.drawn(Nets.residual(), 2).weights());
  }
}
