package io.skyline.worker.compress;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.ChannelSet;
import io.skyline.recipe.ChannelPlan.Span;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Removes from a network the channels that are worth least, as many as a {@link ChannelPlan} says.
 * Of those worth the same the first ones stay, so that pruning repeats exactly.
 */
final class ChannelRemoval {
  private final Network network;
  private final Architecture pruned;
  private final ChannelPlan plan;
  private final List<int[]> kept = new ArrayList<>();

  private ChannelRemoval(Network network, ChannelPlan plan, ChannelWorth worth) {
    this.network = network;
    this.plan = plan;
    this.pruned = plan.pruned();
    for (int i = 0; i < plan.sets().size(); i++) {
      kept.add(strongest(plan.sets().get(i), worth.sets().get(i)));
    }
  }

  /** The network without them, not fine-tuned. */
  static Network remove(Network network, ChannelPlan plan, ChannelWorth worth) {
    return new ChannelRemoval(network, plan, worth).remove();
  }

  private Network remove() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : network.architecture().nodes()) {
      for (Parameter parameter : network.architecture().parameters(node)) {
        float[] values = network.weights().get(node, parameter.name());
        tensors.put(Weights.key(node, parameter.name()), remaining(node, parameter, values));
      }
    }
    return new Network(pruned, new Weights(tensors), network.normalization());
  }

  private float[] remaining(Node node, Parameter parameter, float[] values) {
    int[] outputs = keptChannels(node.name());
    int rows = parameter.dimensions().get(0);
    boolean wholeInput =
        !parameter.name().equals("kernel")
            || (node.layer() instanceof Convolution conv && conv.groups() > 1);
    if (wholeInput) {
      return blocks(values, rows, outputs);
    }
    int columns = parameter.dimensions().get(1);
    int[] inputs = keptChannels(node.inputs().get(0));
    int row = values.length / rows;
    float[] remaining = new float[outputs.length * (row / columns) * inputs.length];
    int offset = 0;
    for (int output : outputs) {
      float[] whole = new float[row];
      System.arraycopy(values, output * row, whole, 0, row);
      float[] part = blocks(whole, columns, inputs);
      System.arraycopy(part, 0, remaining, offset, part.length);
      offset += part.length;
    }
    return remaining;
  }

  /** The chosen ones of {@code count} equal blocks of consecutive values. */
  private static float[] blocks(float[] values, int count, int[] chosen) {
    int block = values.length / count;
    float[] remaining = new float[chosen.length * block];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(values, chosen[i] * block, remaining, i * block, block);
    }
    return remaining;
  }

  /** Indices of the channels that remain of a node's output. */
  private int[] keptChannels(String node) {
    IntStream.Builder channels = IntStream.builder();
    int first = 0;
    for (Span span : plan.layout(node).spans()) {
      int block = span.block();
      for (int channel : kept.get(span.set())) {
        for (int i = 0; i < block; i++) {
          channels.add(first + channel * block + i);
        }
      }
      first += plan.sets().get(span.set()).channels() * block;
    }
    return channels.build().toArray();
  }

  private static int[] strongest(ChannelSet set, double[] worth) {
    return IntStream.range(0, set.channels())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer channel) -> -worth[channel]))
        .limit(set.kept())
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
