package io.skyline.recipe;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.recipe.ChannelPlan.Layout;
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
    Layout last = input;
    for (Node node : architecture.nodes()) {
      List<Layout> inputs = new ArrayList<>();
      for (String name : node.inputs()) {
        inputs.add(layoutOf(name));
      }
      last = follow(node, inputs);
      layouts.put(node.name(), last);
    }
    pin(last);
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
    Shape shape = architecture.inputShapes(node).get(0);
    if (node.layer() instanceof Convolution conv) {
      if (ChannelPlan.passesChannels(conv, shape)) {
        return in;
      }
      Layout made = made(node, conv.outputs());
      if (conv.groups() > 1) {
        pin(in);
        pin(made);
      }
      return made;
    }
    if (node.layer() instanceof Dense dense) {
      return made(node, dense.outputs());
    }
    if (node.layer() instanceof Flatten) {
      return new Layout(in.set(), in.block() * shape.height() * shape.width());
    }
    if (node.layer() instanceof Add) {
      return tie(in, inputs.get(1));
    }
    return in;
  }

  private Layout made(Node node, int channels) {
    Layout layout = fresh(channels);
    ties.get(layout.set()).makers.add(node);
    return layout;
  }

  private Layout fresh(int channels) {
    ties.add(new Tie(channels, ties.size()));
    return new Layout(ties.size() - 1, 1);
  }

  /** Two flattened maps of different extents are added across channels, so neither is pruned. */
  private Layout tie(Layout one, Layout other) {
    if (one.block() != other.block()) {
      pin(one);
      pin(other);
      return one;
    }
    int kept = Math.min(root(one.set()), root(other.set()));
    int tied = Math.max(root(one.set()), root(other.set()));
    ties.get(kept).pinned |= ties.get(tied).pinned;
    ties.get(tied).parent = kept;
    return one;
  }

  private void pin(Layout layout) {
    ties.get(root(layout.set())).pinned = true;
  }

  private Layout layoutOf(String name) {
    Layout layout = layouts.get(name);
    if (layout == null) {
      throw new IllegalStateException(name + " is read before it is made");
    }
    return layout;
  }
}
