package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.cost.NetworkCost;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.ChannelSet;
import io.skyline.recipe.ChannelPlan.Span;
import io.skyline.recipe.ChannelPruning.Criterion;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.dl4j.PlainInference;
import io.skyline.worker.network.Blocks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ChannelRemovalTest {
  static final List<Architecture> NETS =
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

  @Provide
  Arbitrary<Architecture> nets() {
    return Arbitraries.of(NETS);
  }

  private static Network remove(Network network, double ratio) {
    ChannelPlan plan = ChannelPlan.of(network.architecture(), ratio);
    ChannelWorth worth =
        ChannelWorth.of(Criterion.L1, network, plan, CompressionStepContract.bench());
    return ChannelRemoval.remove(network, plan, worth);
  }

  @Property(tries = 120)
  void channelsThatGiveNothingGoAndTheOutputsStay(
      @ForAll("nets") Architecture architecture,
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double ratio,
      @ForAll long seed) {
    Network network = Nets.drawn(architecture, seed);
    ChannelPlan plan = ChannelPlan.of(architecture, ratio);
    silenceRandomChannels(network, plan, seed);

    Network pruned = remove(network, ratio);

    assertThat(pruned.architecture()).isEqualTo(plan.pruned());
    double[] image =
        new SplittableRandom(seed).doubles(architecture.input().elements(), -2, 2).toArray();
    double[] expected = PlainInference.scores(network, image);
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(PlainInference.scores(pruned, image))
        .containsExactly(expected, within(1e-9 * (1 + scale)));
  }

  /** Makes as many channels of each set constant zero as the plan removes. */
  private static void silenceRandomChannels(Network network, ChannelPlan plan, long seed) {
    Random random = new Random(seed);
    List<Set<Integer>> silent = new ArrayList<>();
    for (ChannelSet set : plan.sets()) {
      List<Integer> channels = new ArrayList<>();
      for (int c = 0; c < set.channels(); c++) {
        channels.add(c);
      }
      Collections.shuffle(channels, random);
      silent.add(new HashSet<>(channels.subList(set.kept(), set.channels())));
    }
    for (Node node : network.architecture().nodes()) {
      boolean[] goes = silent(plan, node.name(), silent);
      for (Parameter parameter : network.architecture().parameters(node)) {
        float[] values = network.weights().get(node, parameter.name());
        int row = values.length / parameter.dimensions().get(0);
        for (int i = 0; i < values.length; i++) {
          if (goes[i / row] && !parameter.name().equals("variance")) {
            values[i] = 0;
          }
        }
      }
    }
  }

  /** Whether each channel of a node's output goes. */
  private static boolean[] silent(ChannelPlan plan, String node, List<Set<Integer>> silent) {
    List<Boolean> goes = new ArrayList<>();
    for (Span span : plan.layout(node).spans()) {
      for (int c = 0; c < plan.sets().get(span.set()).channels() * span.block(); c++) {
        goes.add(silent.get(span.set()).contains(c / span.block()));
      }
    }
    boolean[] all = new boolean[goes.size()];
    for (int c = 0; c < all.length; c++) {
      all[c] = goes.get(c);
    }
    return all;
  }

  @Test
  void blocksOfTheLiteratureLoseChannelsWhereNothingIsShuffledOrSliced() {
    for (Architecture architecture :
        List.of(
            Blocks.fire(),
            Blocks.invertedResiduals(),
            Blocks.shuffleUnits2(64),
            Blocks.denseConnections())) {
      Architecture pruned = ChannelPlan.of(architecture, 0.5).pruned();
      assertThat(NetworkCost.trainableParameters(pruned))
          .isLessThan(NetworkCost.trainableParameters(architecture));
    }
  }

  @Test
  void residualChannelsAreJudgedByAllWhoMakeThem() {
    Network network = Nets.drawn(Nets.tiedPair(), 1);
    Node stem = network.architecture().nodes().get(0);
    Node branch = network.architecture().nodes().get(1);
    int stemRow = 9 * 3;
    int branchRow = 9 * 16;
    fillRows(network.weights().get(stem, "kernel"), stemRow, c -> c < 8 ? 1f : 0.9f);
    fillRows(network.weights().get(branch, "kernel"), branchRow, c -> c < 8 ? 0.1f : -0.5f);

    Network pruned = remove(network, 0.5);

    float[] kept = pruned.weights().get(pruned.architecture().nodes().get(0), "kernel");
    assertThat(kept).hasSize(8 * stemRow).containsOnly(0.9f);
  }

  private interface ByChannel {
    float of(int channel);
  }

  private static void fillRows(float[] kernel, int row, ByChannel value) {
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = value.of(i / row);
    }
  }

  @Test
  void equalNormsKeepTheFirstChannels() {
    Network network = Nets.drawn(Nets.tiedPair(), 1);
    for (Node node : network.architecture().nodes().subList(0, 2)) {
      float[] kernel = network.weights().get(node, "kernel");
      int row = kernel.length / 16;
      fillRows(kernel, row, c -> c % 2 == 0 ? 1f : -1f);
    }
    Network pruned = remove(network, 0.5);
    float[] kept = pruned.weights().get(pruned.architecture().nodes().get(0), "kernel");
    for (int channel = 0; channel < 8; channel++) {
      assertThat(kept[channel * 27]).isEqualTo(channel % 2 == 0 ? 1f : -1f);
    }
  }

  @Test
  void leavesTheGivenWeightsAlone() {
    Network network = Nets.drawn(Nets.residual(), 2);
    Weights before = Nets.drawn(Nets.residual(), 2).weights();
    remove(network, 0.5);
    before
        .tensors()
        .forEach((key, v) -> assertThat(network.weights().tensors().get(key)).isEqualTo(v));
  }
}
