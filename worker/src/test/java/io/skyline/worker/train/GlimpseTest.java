package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows of maps, where they are said to be, and how the gradient reaches who says it. */
class GlimpseTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();

  private static Arguments net(String name, Node... inner) {
    List<Node> nodes = new ArrayList<>(List.of(inner));
    nodes.add(Nets.node("conv", Convolution.same(8, 3, 1), inner[inner.length - 1].name()));
    nodes.add(Nets.node("flat", new Flatten(), "conv"));
    nodes.add(Nets.node("scores", new Dense(4, true), "flat"));
    return Arguments.of(name, new Architecture(new Shape(3, 7, 6), nodes));
  }

  /** A position out of the maps that are looked at. */
  private static Arguments ofMaps(int channels, int height, int width, double spread) {
    return net(
        "%d channels at %dx%d, places %s apart".formatted(channels, height, width, spread),
        Nets.node("maps", new Convolution(channels, 3, 1, 1, 1, true), Architecture.INPUT),
        Nets.node("where", Convolution.same(1, 3, 1), "maps"),
        Nets.node("place", new SoftArgmax(spread), "where"),
        Nets.node("window", new Glimpse(height, width), "maps", "place"));
  }

  static Stream<Arguments> nets() {
    return Stream.of(
        ofMaps(16, 3, 4, 2),
        ofMaps(12, 4, 3, 1),
        ofMaps(1, 3, 3, 1),
        ofMaps(5, 7, 2, 1.5), // every row
        ofMaps(8, 6, 5, 3), // room for one
        ofMaps(8, 7, 6, 1), // for none
        ofMaps(8, 3, 3, 40), // most positions lie outside
        net(
            "the image, by a dense layer",
            Nets.node("mean", new GlobalAveragePool(), Architecture.INPUT),
            Nets.node("dense", new Dense(2, true), "mean"),
            Nets.node("place", new Activation(Function.SIGMOID), "dense"),
            Nets.node("window", new Glimpse(4, 4), Architecture.INPUT, "place")),
        net(
            "two windows at one place",
            Nets.node("maps", Convolution.same(8, 3, 1), Architecture.INPUT),
            Nets.node("where", Convolution.same(1, 3, 1), Architecture.INPUT),
            Nets.node("place", new SoftArgmax(1), "where"),
            Nets.node("one", new Glimpse(3, 3), "maps", "place"),
            Nets.node("other", new Glimpse(3, 3), "maps", "place"),
            Nets.node("sum", new Add(), "one", "other")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nets")
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nets")
  void predictsWhatTheDefinitionsSay(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }

  /** One number of the image 0 1 2 3 / 4 5 6 7 / 8 9 10 11. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 0, 3",
    "0, 1, 8",
    "1, 1, 11",
    "0.5, 0.5, 5.5",
    "0.25, 0, 0.75",
    "0, 0.75, 6",
    "-3, 0.5, 4",
    "7, 0.5, 7",
    "0.5, -0.01, 1.5",
    "0.5, 2, 9.5"
  })
  void looksWhereItIsTold(float right, float down, float seen) {
    Architecture architecture =
        new Architecture(
            new Shape(1, 3, 4),
            List.of(
                Nets.node("flat", new Flatten(), Architecture.INPUT),
                Nets.node("place", new Dense(2, true), "flat"),
                Nets.node("window", new Glimpse(1, 1), Architecture.INPUT, "place")));
    Network network =
        network(
            architecture,
            Map.of("place.kernel", new float[24], "place.bias", new float[] {right, down}));

    assertThat(ENGINE.predict(network, image(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)))
        .containsExactly(new float[] {seen}, within(1e-5f));
  }

  private static Network network(Architecture architecture, Map<String, float[]> tensors) {
    return new Network(
        architecture,
        new Weights(new LinkedHashMap<>(tensors)),
        new Normalization(List.of(0f), List.of(1f), Optional.of(new Normalization.Target(0, 1))));
  }

  private static Examples image(float... values) {
    return new Examples(new Shape(1, 3, 4), values, new float[1]);
  }

  /** The largest score stands in row 2, column 1 of 3 x 4. */
  @Test
  void aSoftArgmaxIsThePlaceOfTheOneLargeScore() {
    float[] scores = new float[12];
    scores[9] = 50;
    assertThat(place(0, scores)).isCloseTo(1.5f / 4, within(1e-6f));
    assertThat(place(1, scores)).isCloseTo(2.5f / 3, within(1e-6f));
    assertThat(place(0, new float[12])).isCloseTo(0.5f, within(1e-6f));
    scores[9] = 5000;
    assertThat(place(0, scores)).isCloseTo(1.5f / 4, within(1e-6f));
  }

  private static float place(int axis, float[] scores) {
    float[] one = new float[2];
    one[axis] = 1;
    Architecture architecture =
        new Architecture(
            new Shape(1, 3, 4),
            List.of(
                Nets.node("place", new SoftArgmax(1), Architecture.INPUT),
                Nets.node("one", new Dense(1, false), "place")));
    return ENGINE.predict(network(architecture, Map.of("one.kernel", one)), image(scores))[0];
  }

  @Test
  void aFreshNetworkLooksAtTheMiddleAndLearnsToLookElsewhere() {
    Architecture architecture = (Architecture) ofMaps(8, 3, 4, 2).get()[1];
    Network fresh =
        ENGINE.fresh(architecture, new Normalization(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f)), 5);
    Node where = architecture.nodes().get(1);
    assertThat(fresh.weights().get(where, "kernel")).containsOnly(0f);
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        if (parameter.name().equals("kernel") && !node.equals(where)) {
          assertThat(fresh.weights().get(node, "kernel")).doesNotContain(0f);
        }
      }
    }
    Examples examples = Nets.examples(architecture.input(), 16, 4, 5);

    float[] gradient =
        ENGINE.gradients(fresh, examples, 0).gradients().tensors().get("where.kernel");

    assertThat(gradient).doesNotContain(0f);
  }

  @Test
  void repeatsBitByBit() {
    Architecture architecture = (Architecture) ofMaps(12, 4, 3, 3).get()[1];
    Network network = Nets.network(architecture, 3);
    Examples examples = Nets.examples(architecture.input(), 7, 4, 5);

    var one = ENGINE.gradients(network, examples, 0);
    var other = ENGINE.gradients(network, examples, 0);

    assertThat(other.logits()).isEqualTo(one.logits());
    one.gradients()
        .tensors()
        .forEach(
            (key, values) -> assertThat(other.gradients().tensors().get(key)).isEqualTo(values));
    // whatever the others of its batch are
    var turned = ENGINE.gradients(network, examples.select(new int[] {0, 6, 5, 4, 3, 2, 1}), 0);
    assertThat(Arrays.copyOf(turned.logits(), 4)).isEqualTo(Arrays.copyOf(one.logits(), 4));
  }
}
