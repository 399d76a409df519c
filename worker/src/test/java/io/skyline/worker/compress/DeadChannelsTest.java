package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.ChannelSet;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.dl4j.PlainInference;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DeadChannelsTest {
  private static final Layer RELU = new Activation(Function.RELU);

  @Provide
  Arbitrary<Architecture> nets() {
    return Arbitraries.of(ChannelRemovalTest.NETS);
  }

  @Property(tries = 120)
  void theNetworkComputesTheSame(@ForAll("nets") Architecture architecture, @ForAll long seed) {
    Network network = BatchNormFolding.fold(Nets.drawn(architecture, seed));
    SplittableRandom random = new SplittableRandom(seed);
    for (ChannelSet set : ChannelPlan.of(network.architecture(), 0).sets()) {
      double share = random.nextDouble();
      for (int channel = 0; channel < set.channels(); channel++) {
        if (random.nextDouble() < share) {
          for (Node maker : set.makers()) {
            silence(network, maker, channel);
          }
        }
      }
    }
    Network left = DeadChannels.remove(network);

    double[] image = random.doubles(architecture.input().elements(), -2, 2).toArray();
    double[] expected = PlainInference.scores(network, image);
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(PlainInference.scores(left, image))
        .containsExactly(expected, within(1e-5 * (1 + scale)));
    assertThat(DeadChannels.remove(left)).isSameAs(left);
  }

  private static void silence(Network network, Node maker, int channel) {
    float[] kernel = network.weights().get(maker, "kernel");
    int row = kernel.length / network.architecture().shape(maker.name()).channels();
    Arrays.fill(kernel, channel * row, (channel + 1) * row, 0f);
  }

  /** 24 channels, 24 more, 40 features, 3 scores. */
  private static Network chain(int padding) {
    Layer[] layers = {
      new Convolution(24, 3, 1, 1, 1, true),
      RELU,
      new Convolution(24, 3, 1, padding, 1, true),
      RELU,
      new Flatten(),
      new Dense(40, true),
      RELU,
      new Dense(3, true)
    };
    List<Node> nodes = new ArrayList<>();
    for (Layer layer : layers) {
      String input = nodes.isEmpty() ? Architecture.INPUT : "n" + (nodes.size() - 1);
      nodes.add(new Node("n" + nodes.size(), layer, List.of(input)));
    }
    return Nets.drawn(new Architecture(new Shape(2, 6, 6), nodes), 3);
  }

  private static void silence(Network network, int node, int from, int to, float bias) {
    Node maker = network.architecture().nodes().get(node);
    for (int channel = from; channel < to; channel++) {
      silence(network, maker, channel);
      network.weights().get(maker, "bias")[channel] = bias;
    }
  }

  private static List<Integer> widths(Network network) {
    return List.of(0, 2, 5).stream()
        .map(i -> network.architecture().shape("n" + i).channels())
        .toList();
  }

  @Test
  void constantsGoIntoTheBiasOfWhatReadsThem() {
    Network network = chain(1);
    silence(network, 5, 0, 30, 0.5f); // ten features are left, in eights sixteen
    assertThat(widths(DeadChannels.remove(network))).containsExactly(24, 24, 16);
  }

  @Test
  void constantsBesideAPaddingStayUnlessTheyAreZero() {
    Network kept = chain(1);
    silence(kept, 0, 0, 8, 0.5f);
    assertThat(widths(DeadChannels.remove(kept))).containsExactly(24, 24, 40);

    Network negative = chain(1);
    silence(negative, 0, 0, 8, -0.5f); // zero behind the ReLU
    assertThat(widths(DeadChannels.remove(negative))).containsExactly(16, 24, 40);

    Network unpadded = chain(0);
    silence(unpadded, 0, 0, 8, 0.5f);
    assertThat(widths(DeadChannels.remove(unpadded))).containsExactly(16, 24, 40);
  }

  @Test
  void whatOnlyUnreadChannelsReadGoesToo() {
    Network network = chain(1);
    float[] scores = network.weights().get(network.architecture().nodes().get(7), "kernel");
    for (int i = 0; i < scores.length; i++) {
      scores[i] = i % 40 < 8 ? scores[i] : 0; // the other 32 features are not read
    }
    float[] features = network.weights().get(network.architecture().nodes().get(5), "kernel");
    for (int i = 0; i < features.length; i++) {
      boolean read = i / (24 * 36) >= 8 || i % (24 * 36) < 16 * 36;
      features[i] = read ? features[i] : 0; // the first 8 features read 16 channels only
    }
    assertThat(widths(DeadChannels.remove(network))).containsExactly(24, 16, 8);
  }

  @Test
  void aNetworkWithoutThemIsLeftAsItIs() {
    Network network = chain(1);
    assertThat(DeadChannels.remove(network)).isSameAs(network);
  }
}
