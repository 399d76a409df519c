package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Which channels of a network live and die together, and how many of each such set channel pruning
 * keeps: a pure function of the architecture and the ratios, so that the cost of a pruned network
 * is known before anything is trained.
 *
 * <p>An ordinary convolution or a dense layer makes a new set; a depthwise convolution, a
 * normalization, an activation, a pooling, a dropping, a flattening and a glimpse pass their
 * input's on (a glimpse its map's: a position of two numbers is less than a {@link #STEP} and
 * stays); a concatenation lines its inputs' up; an addition ties its inputs' sets together, and so
 * does a gate of channels. The network's input, its class scores and whatever is touched by a
 * shuffle, by an index layer, by a pooling over channels, by a grouped convolution that is not
 * depthwise, or by a slice that cuts through a set are never pruned.
 */
public final class ChannelPlan {
  /** Kept counts are multiples of this, as the blocked layouts of inference engines want them. */
  public static final int STEP = 8;

  private final Architecture original;
  private final List<ChannelSet> sets;
  private final Map<String, Layout> layouts;

  /**
   * Channels that are kept or removed together wherever they appear.
   *
   * @param makers the convolutions and dense layers whose outputs they are, in the network's order
   * @param channels how many there are
   * @param kept how many stay; {@code channels} if the set is not pruned
   * @param pinned whether it never is
   */
  public record ChannelSet(List<Node> makers, int channels, int kept, boolean pinned) {
    public ChannelSet {
      makers = List.copyOf(makers);
      if (kept < 1 || kept > channels) {
        throw new IllegalArgumentException(kept + " of " + channels + " channels cannot be kept");
      }
    }

    private ChannelSet keeping(int others) {
      return new ChannelSet(makers, channels, others, pinned);
    }
  }

  /**
   * How the channels of one node's output stand for those of sets.
   *
   * @param spans one after the other; more than one after a concatenation
   */
  public record Layout(List<Span> spans) {
    public Layout {
      spans = List.copyOf(spans);
    }

    static Layout of(int set) {
      return new Layout(List.of(new Span(set, 1)));
    }
  }

  /**
   * All channels of one set in a row.
   *
   * @param set index into {@link #sets()}
   * @param block consecutive channels of the output for each channel of the set: 1, or rows x
   *     columns after a flattening
   */
  public record Span(int set, int block) {}

  /**
   * Plans the pruning of a network.
   *
   * @param ratio share of each set's channels to remove, in [0, 1)
   */
  public static ChannelPlan of(Architecture architecture, double ratio) {
    return of(architecture, List.of(ratio));
  }

  /**
   * Plans the pruning of a network part by part.
   *
   * @param ratios shares of each set's channels to remove, in [0, 1): the sets that may be pruned,
   *     in the order in which the network meets them, fall into as many parts of (nearly) as many
   *     sets
   */
  public static ChannelPlan of(Architecture architecture, List<Double> ratios) {
    ratios.forEach(ChannelPlan::requireRatio);
    ChannelPlan whole = new ChannelPlan(architecture);
    long prunable = whole.sets.stream().filter(set -> !set.pinned()).count();
    List<ChannelSet> planned = new ArrayList<>();
    int index = 0;
    for (ChannelSet set : whole.sets) {
      if (set.pinned()) {
        planned.add(set);
      } else {
        double ratio = ratios.get((int) (index * ratios.size() / prunable));
        planned.add(set.keeping(kept(set.channels(), ratio)));
        index++;
      }
    }
    return new ChannelPlan(whole, planned);
  }

  static void requireRatio(double ratio) {
    if (!(ratio >= 0 && ratio < 1)) {
      throw new IllegalArgumentException("a pruning ratio lies in [0, 1), not " + ratio);
    }
  }

  /**
   * How many of a set's channels a ratio leaves: the multiple of {@link #STEP} nearest to {@code
   * channels * (1 - ratio)}, the larger of two equally near ones, at least one step and at most
   * {@code channels}.
   */
  public static int kept(int channels, double ratio) {
    if (ratio == 0) {
      return channels;
    }
    int steps = (int) Math.floor(channels * (1 - ratio) / STEP + 0.5);
    return Math.min(channels, STEP * Math.max(1, steps));
  }

  /** The plan that keeps every channel. */
  private ChannelPlan(Architecture architecture) {
    this.original = architecture;
    TiedChannels tied = new TiedChannels(architecture);
    Map<Integer, Integer> indices = new LinkedHashMap<>();
    Map<String, Layout> found = new LinkedHashMap<>();
    tied.layouts()
        .forEach(
            (name, layout) -> {
              List<Span> spans = new ArrayList<>();
              for (Span span : layout.spans()) {
                int root = tied.root(span.set());
                int index = indices.computeIfAbsent(root, key -> indices.size());
                spans.add(new Span(index, span.block()));
              }
              found.put(name, new Layout(spans));
            });
    List<ChannelSet> planned = new ArrayList<>();
    for (int root : indices.keySet()) {
      int channels = tied.channels(root);
      planned.add(new ChannelSet(tied.makers(root), channels, channels, tied.isPinned(root)));
    }
    this.sets = List.copyOf(planned);
    this.layouts = Map.copyOf(found);
  }

  private ChannelPlan(ChannelPlan other, List<ChannelSet> sets) {
    this.original = other.original;
    this.sets = List.copyOf(sets);
    this.layouts = other.layouts;
  }

  /**
   * This plan with other numbers of channels kept of the sets that may be pruned.
   *
   * @param kept by the index of a set
   */
  public ChannelPlan keeping(IntUnaryOperator kept) {
    List<ChannelSet> others = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      ChannelSet set = sets.get(i);
      others.add(set.pinned() ? set : set.keeping(kept.applyAsInt(i)));
    }
    return new ChannelPlan(this, others);
  }

  /** Every set of channels, in the order in which the network meets them; the input's is first. */
  public List<ChannelSet> sets() {
    return sets;
  }

  /** The layout of a node's output, or of {@link Architecture#INPUT}. */
  public Layout layout(String name) {
    Layout layout = layouts.get(name);
    if (layout == null) {
      throw new IllegalArgumentException("no layer is named '" + name + "'");
    }
    return layout;
  }

  /** The network that remains: the same nodes with fewer channels. */
  public Architecture pruned() {
    List<Node> nodes = new ArrayList<>();
    for (Node node : original.nodes()) {
      nodes.add(new Node(node.name(), pruned(node), node.inputs()));
    }
    return original.with(nodes);
  }

  private Layer pruned(Node node) {
    int outputs = keptChannels(layout(node.name()).spans());
    if (node.layer() instanceof Dense dense) {
      return new Dense(outputs, dense.bias());
    }
    if (node.layer() instanceof Convolution conv) {
      Shape in = original.inputShapes(node).get(0);
      return conv.over(outputs, passesChannels(conv, in) ? outputs : conv.groups());
    }
    if (node.layer() instanceof Slice slice) {
      int from = keptBefore(layout(node.inputs().get(0)), slice.from());
      return new Slice(from, from + outputs);
    }
    return node.layer();
  }

  private int keptChannels(List<Span> spans) {
    return spans.stream().mapToInt(span -> sets.get(span.set()).kept() * span.block()).sum();
  }

  /** How many of the first channels stay; either whole sets or sets that are not pruned. */
  private int keptBefore(Layout layout, int channels) {
    int left = channels;
    int kept = 0;
    for (Span span : layout.spans()) {
      int length = sets.get(span.set()).channels() * span.block();
      if (left < length) {
        return kept + left;
      }
      kept += sets.get(span.set()).kept() * span.block();
      left -= length;
    }
    return kept + left;
  }

  /** Whether each output channel is a function of the one input channel of its number. */
  static boolean passesChannels(Convolution conv, Shape input) {
    return conv.isDepthwise() && conv.groups() == input.channels();
  }
}
