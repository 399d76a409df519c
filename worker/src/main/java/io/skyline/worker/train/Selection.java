package io.skyline.worker.train;

import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Channels of tensors in any order: what concatenations, shuffles, slices and index layers give.
 * They cost nothing by themselves and in a row; the channels are copied once, when a layer reads
 * them.
 */
final class Selection implements Value {
  /** One channel of a tensor in memory. */
  record Channel(Tensor tensor, int index) {}

  /**
   * A selection in memory.
   *
   * @param order for each channel of the tensor the one of the selection; null if they agree
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Gathered(Tensor tensor, int @Nullable [] order) {}

  private final Shape shape;
  private final List<Channel> channels;
  private @Nullable Tensor inOrder;
  private @Nullable Gathered packed;

  Selection(Shape shape, List<Channel> channels) {
    this.shape = shape;
    this.channels = List.copyOf(channels);
  }

  static List<Channel> channelsOf(Value value) {
    if (value instanceof Selection selection) {
      return selection.channels;
    }
    Tensor tensor = (Tensor) value;
    List<Channel> channels = new ArrayList<>();
    for (int c = 0; c < tensor.shape.channels(); c++) {
      channels.add(new Channel(tensor, c));
    }
    return channels;
  }

  static List<Channel> joined(List<Value> values) {
    return values.stream().flatMap(value -> channelsOf(value).stream()).toList();
  }

  static List<Channel> shuffled(Value value, Shuffle shuffle) {
    List<Channel> channels = channelsOf(value);
    List<Channel> shuffled = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      shuffled.add(channels.get(shuffle.source(c, channels.size())));
    }
    return shuffled;
  }

  static List<Channel> selected(Value value, Select select) {
    List<Channel> channels = channelsOf(value);
    return select.channels().stream().map(channels::get).toList();
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public boolean needsGradient() {
    return channels.stream().anyMatch(channel -> channel.tensor.needsGradient);
  }

  /** The channels in their order, gathered at most once for all readers. */
  Tensor gathered(Layers layers) {
    Tensor known = inOrder;
    if (known == null) {
      known = layers.gather(shape, channels);
      inOrder = known;
    }
    return known;
  }

  /**
   * The channels in an order in which whole blocks of them can be copied, for readers that do not
   * mind the order: after a shuffle, no block of the proper order is whole.
   */
  Gathered packed(Layers layers) {
    if (inOrder != null
        || channels.stream().allMatch(c -> c.tensor.layout == Tensor.Layout.PLAIN)) {
      return new Gathered(gathered(layers), null);
    }
    Gathered known = packed;
    if (known == null) {
      List<Integer> order = packedOrder();
      List<Channel> arranged = order.stream().map(channels::get).toList();
      known =
          arranged.equals(channels)
              ? new Gathered(gathered(layers), null)
              : new Gathered(
                  layers.gather(shape, arranged),
                  order.stream().mapToInt(Integer::intValue).toArray());
      packed = known;
    }
    return known;
  }

  /** Channels of whole blocks first, block by block, then the others. */
  private List<Integer> packedOrder() {
    Map<Tensor, Integer> tensors = new HashMap<>();
    Map<List<Integer>, Set<Integer>> blocks = new HashMap<>();
    for (Channel channel : channels) {
      tensors.putIfAbsent(channel.tensor, tensors.size());
      blocks.computeIfAbsent(block(tensors, channel), key -> new HashSet<>()).add(channel.index);
    }
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      order.add(c);
    }
    Comparator<Integer> wholeFirst =
        Comparator.comparing(
            c ->
                blocks.getOrDefault(block(tensors, channels.get(c)), Set.of()).size()
                    < OneDnn.BLOCK);
    Collections.sort(
        order,
        wholeFirst
            .thenComparing(c -> tensors.getOrDefault(channels.get(c).tensor, 0))
            .thenComparing(c -> channels.get(c).index));
    return order;
  }

  private static List<Integer> block(Map<Tensor, Integer> tensors, Channel channel) {
    return List.of(tensors.getOrDefault(channel.tensor, 0), channel.index / OneDnn.BLOCK);
  }
}
