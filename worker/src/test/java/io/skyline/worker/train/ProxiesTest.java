package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.proxy.JacobianCovariance;
import io.skyline.worker.proxy.Synflow;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scores of untrained networks against derivatives that are computed another way. */
class ProxiesTest {
  private static final Shape IMAGE = new Shape(2, 8, 8);

  private final OneDnnEngine engine = new OneDnnEngine();

  /** Joins, groups, strides and both poolings; nothing in it is more than linear. */
  private static Architecture joined() {
    return new Architecture(
        IMAGE,
        List.of(
            Nets.node("stem", Convolution.same(8, 3, 1), Architecture.INPUT),
            Nets.node("left", Convolution.grouped(8, 3, 2, 2), "stem"),
            Nets.node("right", new Pooling(Pooling.Kind.MAX, 3, 2, 1), "stem"),
            Nets.node("sum", new Add(), "left", "right"),
            Nets.node("both", new Concat(), "sum", "left"),
            Nets.node("mixed", new Shuffle(2), "both"),
            Nets.node("depth", Convolution.depthwise(16, 3, 1), "mixed"),
            Nets.node("mean", new Pooling(Pooling.Kind.AVERAGE, 3, 2, 1), "depth"),
            Nets.node("flat", new Flatten(), "mean"),
            Nets.node("answer", new Dense(3, true), "flat")));
  }

  @Test
  void theFlowOfAChainIsLayersTimesTheProductOfTheirAbsoluteKernels() {
    Architecture chain =
        Nets.chain(
            Shape.flat(2), new Dense(3, true), new Activation(Function.RELU), new Dense(1, true));
    Network network =
        new Network(
            chain,
            new Weights(
                Map.of(
                    "l0.kernel", new float[] {1, -2, 0, 3, -1, 1},
                    "l0.bias", new float[3],
                    "l2.kernel", new float[] {-1, 2, .5f},
                    "l2.bias", new float[1])),
            Nets.normalization(Shape.flat(2)));

    // rows of the first kernel sum up to 3, 3 and 2
    assertThat(Synflow.logOf(network))
        .isCloseTo(Math.log(2 * (1 * 3 + 2 * 3 + .5 * 2)), within(1e-12));
  }

  @Test
  void theFlowIsTheSumOfWeightsTimesTheirDerivatives() {
    Network network = new Network(joined(), fresh(joined(), 3), Nets.normalization(IMAGE));
    Weights absolute = absolute(network.weights());
    DoubleReference reference = new DoubleReference(joined(), absolute, 1, false);
    double[] ones = new double[(int) IMAGE.elements()];
    Arrays.fill(ones, 1);

    double flow = 0;
    for (String key : absolute.tensors().keySet()) {
      double[] values = reference.weight(key);
      for (int i = 0; i < values.length; i++) {
        double before = values[i];
        values[i] = before * (1 + 1e-4);
        double above = DoubleStream.of(reference.logits(ones)).sum();
        values[i] = before * (1 - 1e-4);
        double below = DoubleStream.of(reference.logits(ones)).sum();
        values[i] = before;
        flow += (above - below) / 2e-4;
      }
    }

    assertThat(Synflow.logOf(network)).isCloseTo(Math.log(flow), within(1e-6));
  }

  @Test
  void normalizationsActivationsAndGatesPassEverythingOn() {
    Architecture plain =
        Nets.chain(IMAGE, Convolution.same(8, 3, 1), new GlobalAveragePool(), new Dense(3, true));
    Architecture dressed =
        new Architecture(
            IMAGE,
            List.of(
                Nets.node("l0", Convolution.same(8, 3, 1), Architecture.INPUT),
                Nets.node("bn", new BatchNorm(), "l0"),
                Nets.node("act", new Activation(Function.RELU6), "bn"),
                Nets.node("squeeze", new GlobalAveragePool(), "act"),
                Nets.node("excite", new Dense(8, true), "squeeze"),
                Nets.node("gate", new Activation(Function.SIGMOID), "excite"),
                Nets.node("gated", new Multiply(), "act", "gate"),
                Nets.node("l1", new GlobalAveragePool(), "gated"),
                Nets.node("l2", new Dense(3, true), "l1")));
    Weights weights = fresh(dressed, 4);
    Weights same =
        new Weights(
            Map.of(
                "l0.kernel", weights.tensors().get("l0.kernel"),
                "l2.kernel", weights.tensors().get("l2.kernel"),
                "l2.bias", weights.tensors().get("l2.bias")));

    assertThat(Synflow.logOf(new Network(dressed, weights, Nets.normalization(IMAGE))))
        .isEqualTo(Synflow.logOf(new Network(plain, same, Nets.normalization(IMAGE))));
  }

  @Test
  void theFlowOfAHundredLayersAndOfNoneIsFinite() {
    Architecture deep =
        Nets.chain(
            IMAGE,
            Stream.concat(
                    IntStream.range(0, 200).mapToObj(i -> Convolution.same(16, 3, 1)),
                    Stream.of(new GlobalAveragePool(), new Dense(3, true)))
                .toArray(Layer[]::new));
    Network network = new Network(deep, fresh(deep, 5), Nets.normalization(IMAGE));
    Weights dead = new Weights(new LinkedHashMap<>(zeros(network.weights())));

    // each layer multiplies by about 0.8 sqrt(2 fan-in), which floats stand for 29 layers
    assertThat(Synflow.logOf(network)).isBetween(200 * Math.log(9), 200 * Math.log(15));
    assertThat(Synflow.logOf(new Network(deep, dead, Nets.normalization(IMAGE)))).isFinite();
  }

  @Test
  void inputGradientsAreThoseOfTheSummedOutputs() {
    Architecture architecture =
        Nets.chain(
            new Shape(1, 8, 8),
            Convolution.same(8, 3, 1),
            new BatchNorm(),
            new Activation(Function.HARD_SWISH),
            Convolution.same(8, 3, 2),
            new GlobalAveragePool(),
            new Dense(3, true));
    Network network = Nets.network(architecture, 6);
    int batch = 4;
    Examples examples = Nets.examples(new Shape(1, 8, 8), batch, 3, 7);
    double[] images = Nets.normalised(network, examples);
    DoubleReference reference = new DoubleReference(architecture, network.weights(), batch, true);

    float[] gradients = engine.inputGradients(network, examples, batch);

    double[] expected = new double[images.length];
    for (int i = 0; i < images.length; i++) {
      double before = images[i];
      images[i] = before + 1e-5;
      double above = DoubleStream.of(reference.logits(images)).sum();
      images[i] = before - 1e-5;
      double below = DoubleStream.of(reference.logits(images)).sum();
      images[i] = before;
      expected[i] = (above - below) / 2e-5;
    }
    // examples come shuffled: each gradient is that of one of them
    double[][] rows = rows(expected, batch);
    double[][] given = rows(DoubleReference.toDouble(gradients), batch);
    for (double[] row : given) {
      assertThat(Arrays.stream(rows).mapToDouble(other -> distance(row, other)).min().orElseThrow())
          .isLessThan(1e-4);
    }
    assertThat(JacobianCovariance.of(gradients, batch)).isFinite();
  }

  @Test
  void gradientsHaveTheSameBitsEachTime() {
    Network network = new Network(joined(), fresh(joined(), 3), Nets.normalization(IMAGE));
    Examples examples = Nets.examples(IMAGE, 40, 3, 8);

    assertThat(engine.inputGradients(network, examples, 32))
        .isEqualTo(engine.inputGradients(network, examples, 32))
        .hasSize(32 * (int) IMAGE.elements());
  }

  private static Weights fresh(Architecture architecture, long seed) {
    return Initialization.draw(architecture, seed);
  }

  private static Weights absolute(Weights weights) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (key, values) -> {
              float[] copy = values.clone();
              for (int i = 0; i < copy.length; i++) {
                copy[i] = Math.abs(copy[i]);
              }
              tensors.put(key, copy);
            });
    return new Weights(tensors);
  }

  private static Map<String, float[]> zeros(Weights weights) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((key, values) -> tensors.put(key, new float[values.length]));
    return tensors;
  }

  private static double[][] rows(double[] values, int count) {
    int length = values.length / count;
    return IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(values, i * length, (i + 1) * length))
        .toArray(double[][]::new);
  }

  private static double distance(double[] one, double[] other) {
    return IntStream.range(0, one.length)
        .mapToDouble(i -> Math.abs(one[i] - other[i]))
        .max()
        .orElse(0);
  }
}
