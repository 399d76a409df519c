package io.skyline.recipe;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.recipe.ChannelPlan.Layout;
import io.skyline.recipe.ChannelPlan.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows channels through a network and ties together, in a union-find forest, those that must
 * share their fate.
 */
final class TiedChannels {
  private final Architecture architecture;
  private final Map<String, Layout> layouts = new LinkedHashMap<>();
  private final List<Tie> ties = new ArrayList<>();

  private static final class Tie {
    private final int channels;
    private final List<Node> makers = new ArrayList<>();
    private int parent;
    private boolean pinned;

    Tie(int channels, int parent) {
      this.channels = channels;
      this.parent = parent;
    }
  }

  TiedChannels(Architecture architecture) {
    this.architecture = architecture;
    Layout input = fresh(architecture.input().channels());
    pin(input);
    layouts.put(Architecture.INPUT, input);
    for (Node node : architecture.nodes()) {
      List<Layout> inputs = new ArrayList<>();
      for (String name : node.inputs()) {
        inputs.add(layoutOf(name));
      }
      layouts.put(node.name(), follow(node, inputs));
    }
    architecture.outputs().forEach(output -> pin(layoutOf(output)));
  }

  /** The layout of every node's output, whose sets stand for their {@link #root}. */
  Map<String, Layout> layouts() {
    return Collections.unmodifiableMap(layouts);
  }

  /** The set that stands for all sets tied to this one: the earliest of them. */
  int root(int set) {
    int root = set;
    while (ties.get(root).parent != root) {
      root = ties.get(root).parent;
    }
    return root;
  }

  int channels(int root) {
    return ties.get(root).channels;
  }

  boolean isPinned(int root) {
    return ties.get(root).pinned;
  }

  /** In the network's order. */
  List<Node> makers(int root) {
    List<Node> makers = new ArrayList<>();
    for (int set = 0; set < ties.size(); set++) {
      if (root(set) == root) {
        makers.addAll(ties.get(set).makers);
      }
    }
    return makers;
  }

  private Layout follow(Node node, List<Layout> inputs) {
    Layout in = inputs.get(0);
    List<Shape> shapes = architecture.inputShapes(node);
    Shape shape = shapes.get(0);
    Layer layer = node.layer();
    if (layer instanceof Convolution conv) {
      if (ChannelPlan.passesChannels(conv, shape)) {
        return in;
      }
      Layout made = made(node, conv.outputs());
      if (conv.groups() > 1) {
        pin(in);
        pin(made);
      }
      return made;
    } else if (layer instanceof Dense dense) {
      return made(node, dense.outputs());
    } else if (layer instanceof Flatten) {
      int pixels = shape.height() * shape.width();
      return new Layout(
          in.spans().stream().map(s -> new Span(s.set(), s.block() * pixels)).toList());
    } else if (layer instanceof Add) {
      return tie(in, inputs.get(1));
    } else if (layer instanceof Multiply) {
      return Multiply.gatesChannels(shape, shapes.get(1)) ? tie(in, inputs.get(1)) : in;
    } else if (layer instanceof Concat) {
      return new Layout(inputs.stream().flatMap(layout -> layout.spans().stream()).toList());
    } else if (layer instanceof Slice slice) {
      return slice(in, slice);
    } else if (layer instanceof Shuffle) {
      pin(in);
      return pinned(shape.channels());
    } else if (layer instanceof Select select) {
      pin(in);
      return pinned(select.channels().size());
    } else if (layer instanceof ChannelPooling) {
      pin(in); // the mean over fewer channels is another one
      return pinned(1);
    }
    return in;
  }

  private Layout made(Node node, int channels) {
    Layout layout = fresh(channels);
    ties.get(ties.size() - 1).makers.add(node);
    return layout;
  }

  private Layout pinned(int channels) {
    Layout layout = fresh(channels);
    pin(layout);
    return layout;
  }

  private Layout fresh(int channels) {
    ties.add(new Tie(channels, ties.size()));
    return Layout.of(ties.size() - 1);
  }

  /** The whole sets that are taken, or channels that are not pruned if a set is cut. */
  private Layout slice(Layout in, Slice slice) {
    List<Span> taken = new ArrayList<>();
    int at = 0;
    int covered = 0;
    for (Span span : in.spans()) {
      int length = ties.get(span.set()).channels * span.block();
      if (slice.from() <= at && at + length <= slice.to()) {
        taken.add(span);
        covered += length;
      }
      at += length;
    }
    if (covered == slice.to() - slice.from()) {
      return new Layout(taken);
    }
    pin(in);
    return pinned(slice.to() - slice.from());
  }

  /** Channels that do not meet span by span are added across sets, so none of them is pruned. */
  private Layout tie(Layout one, Layout other) {
    if (!meets(one, other)) {
      pin(one);
      pin(other);
      return one;
    }
    for (int i = 0; i < one.spans().size(); i++) {
      tie(one.spans().get(i).set(), other.spans().get(i).set());
    }
    return one;
  }

  private boolean meets(Layout one, Layout other) {
    if (one.spans().size() != other.spans().size()) {
      return false;
    }
    for (int i = 0; i < one.spans().size(); i++) {
      Span a = one.spans().get(i);
      Span b = other.spans().get(i);
      if (a.block() != b.block() || ties.get(a.set()).channels != ties.get(b.set()).channels) {
        return false;
      }
    }
    return true;
  }

  private void tie(int one, int other) {
    int kept = Math.min(root(one), root(other));
    int tied = Math.max(root(one), root(other));
    ties.get(kept).pinned |= ties.get(tied).pinned;
    ties.get(tied).parent = kept;
  }

  private void pin(Layout layout) {
    for (Span span : layout.spans()) {
      ties.get(root(span.set())).pinned = true;
    }
  }

  private Layout layoutOf(String name) {
    Layout layout = layouts.get(name);
    if (layout == null) {
      throw new IllegalStateException(name + " is read before it is made");
    }
    return layout;
  }
}
