package io.skyline.worker.compress;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.ChannelSet;
import io.skyline.recipe.ChannelPlan.Span;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Removes channels that make no difference: those that nobody reads with weights other than zero,
 * and constant ones, whose part in what reads them goes into its bias. The network computes the
 * same. What is left of a set of channels is a multiple of {@link ChannelPlan#STEP}.
 */
final class DeadChannels {
  private final Network network;
  private final ChannelPlan plan;
  private final Map<String, double[]> constants;
  private final Map<String, float[]> tensors;
  private final List<boolean[]> alive = new ArrayList<>();

  private DeadChannels(Network network) {
    this.network = network;
    this.plan = ChannelPlan.of(network.architecture(), 0);
    this.constants = ConstantChannels.of(network);
    this.tensors = new LinkedHashMap<>(network.weights().tensors());
    plan.sets().forEach(set -> alive.add(new boolean[set.channels()]));
  }

  /**
   * The network without them.
   *
   * @param network with normalizations folded, or else it keeps channels whose constants only a
   *     normalization could take up
   */
  static Network remove(Network network) {
    Network before = network;
    Network after = new DeadChannels(before).smaller();
    // what only removed channels read is read no more
    while (after != before) {
      before = after;
      after = new DeadChannels(before).smaller();
    }
    return after;
  }

  private Network smaller() {
    List<Node> readers = readers();
    for (Node reader : readers) {
      markRead(reader);
    }
    ChannelPlan smaller = plan.keeping(this::kept);
    if (smaller.pruned().equals(network.architecture())) {
      return network;
    }
    for (Node reader : readers) {
      takeUpConstants(reader);
    }
    List<double[]> worth = new ArrayList<>();
    for (boolean[] channels : alive) {
      double[] each = new double[channels.length];
      Arrays.setAll(each, c -> channels[c] ? 1 : 0);
      worth.add(each);
    }
    Network same =
        new Network(network.architecture(), new Weights(tensors), network.normalization());
    return ChannelRemoval.remove(same, smaller, new ChannelWorth(worth));
  }

  /** The layers that mix channels. */
  private List<Node> readers() {
    return network.architecture().nodes().stream()
        .filter(
            node ->
                node.layer() instanceof Dense
                    || (node.layer() instanceof Convolution conv && conv.groups() == 1))
        .toList();
  }

  private int kept(int index) {
    ChannelSet set = plan.sets().get(index);
    int count = 0;
    for (boolean channel : alive.get(index)) {
      count += channel ? 1 : 0;
    }
    int step = ChannelPlan.STEP;
    return Math.min(set.channels(), Math.max(step, (count + step - 1) / step * step));
  }

  private void markRead(Node reader) {
    float[] kernel = network.weights().get(reader, "kernel");
    forEachInput(
        reader,
        (input, set, channel) -> {
          double constant = constant(reader, input);
          boolean spared = constant == 0 || (!Double.isNaN(constant) && takesUp(reader));
          if (!spared && isRead(kernel, input, reader)) {
            alive.get(set)[channel] = true;
          }
        });
  }

  /** Whether a constant input can go into the layer's bias: it is the same at the borders. */
  private boolean takesUp(Node reader) {
    boolean padded = reader.layer() instanceof Convolution conv && conv.padding() > 0;
    return !padded && bias(reader) != null;
  }

  private float @Nullable [] bias(Node reader) {
    return tensors.get(Weights.key(reader, "bias"));
  }

  private double constant(Node reader, int input) {
    return Objects.requireNonNull(constants.get(reader.inputs().get(0)))[input];
  }

  private boolean isRead(float[] kernel, int input, Node reader) {
    boolean[] read = {false};
    forEachTap(kernel, input, reader, (output, at) -> read[0] |= kernel[at] != 0);
    return read[0];
  }

  /** Moves what dead channels give into the bias, and lets them be read no more. */
  private void takeUpConstants(Node reader) {
    float[] kernel = network.weights().get(reader, "kernel").clone();
    float[] bias = bias(reader);
    double[] sums = new double[network.architecture().shape(reader.name()).channels()];
    forEachInput(
        reader,
        (input, set, channel) -> {
          if (!alive.get(set)[channel]) {
            double constant = constant(reader, input);
            forEachTap(
                kernel,
                input,
                reader,
                (output, at) -> {
                  sums[output] += kernel[at] == 0 ? 0 : constant * kernel[at];
                  kernel[at] = 0;
                });
          }
        });
    tensors.put(Weights.key(reader, "kernel"), kernel);
    if (bias != null) {
      float[] moved = bias.clone();
      for (int o = 0; o < moved.length; o++) {
        moved[o] = (float) (moved[o] + sums[o]);
      }
      tensors.put(Weights.key(reader, "bias"), moved);
    }
  }

  private interface Input {
    void at(int input, int set, int channel);
  }

  private void forEachInput(Node reader, Input each) {
    int first = 0;
    for (Span span : plan.layout(reader.inputs().get(0)).spans()) {
      int length = plan.sets().get(span.set()).channels() * span.block();
      for (int i = 0; i < length; i++) {
        each.at(first + i, span.set(), i / span.block());
      }
      first += length;
    }
  }

  private interface Tap {
    void at(int output, int position);
  }

  private void forEachTap(float[] kernel, int input, Node reader, Tap each) {
    int inputs = network.architecture().inputShapes(reader).get(0).channels();
    int outputs = network.architecture().shape(reader.name()).channels();
    int taps = kernel.length / outputs / inputs;
    for (int o = 0; o < outputs; o++) {
      int from = (o * inputs + input) * taps;
      for (int i = from; i < from + taps; i++) {
        each.at(o, i);
      }
    }
  }
}
