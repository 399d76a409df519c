package io.skyline.worker.inherit;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which channel of the parent each channel of a child stands for (Net2WiderNet, Chen et al. 2016,
 * section 2.2): those that both have stand for themselves, further ones for a channel drawn at
 * random. Channels that live and die together are mapped together, so that sums still add what
 * belongs together.
 */
final class ChannelMaps {
  private final ChannelPlan parent;
  private final ChannelPlan child;
  private final Architecture parentNetwork;
  private final Architecture childNetwork;
  private final long seed;

  /** By the child's set. */
  private final Map<Integer, SetMap> sets = new HashMap<>();

  /** The parent's set, and for each of the child's channels the parent's. */
  private record SetMap(int set, int[] channels) {}

  ChannelMaps(Architecture parent, Architecture child, long seed) {
    this.parent = ChannelPlan.of(parent, 0);
    this.child = ChannelPlan.of(child, 0);
    this.parentNetwork = parent;
    this.childNetwork = child;
    this.seed = seed;
  }

  /** Maps what a node of the child makes to what a node of the parent makes, if it is free yet. */
  void tie(String childNode, String parentNode) {
    List<Span> ours = child.layout(childNode).spans();
    List<Span> theirs = parent.layout(parentNode).spans();
    if (ours.size() != 1 || theirs.size() != 1) {
      return;
    }
    int set = ours.get(0).set();
    int from = theirs.get(0).set();
    sets.computeIfAbsent(set, key -> new SetMap(from, drawn(set, from)));
  }

  private int[] drawn(int set, int from) {
    int known = parent.sets().get(from).channels();
    int[] channels = new int[child.sets().get(set).channels()];
    SplittableRandom random = new SplittableRandom(seed ^ (0x9E3779B97F4A7C15L * (set + 1)));
    for (int i = 0; i < channels.length; i++) {
      channels[i] = i < known ? i : random.nextInt(known);
    }
    return channels;
  }

  /** Whether a node makes channels of its own rather than passing its input's on. */
  static boolean makes(Node node) {
    return node.layer() instanceof Dense
        || node.layer() instanceof Convolution conv && conv.groups() == 1;
  }

  /**
   * For each channel of a child's node the channel of a parent's node; null if they are laid out
   * differently.
   */
  int @Nullable [] map(String childNode, String parentNode) {
    List<Span> ours = child.layout(childNode).spans();
    List<Span> theirs = parent.layout(parentNode).spans();
    int length = ours.stream().mapToInt(this::length).sum();
    // layouts of what learned groups read are those of the form that ships
    if (ours.size() != theirs.size() || length != childNetwork.shape(childNode).channels()) {
      return null;
    }
    int[] map = new int[length];
    int at = 0;
    int base = 0;
    for (int k = 0; k < ours.size(); k++) {
      SetMap known = sets.get(ours.get(k).set());
      int block = ours.get(k).block();
      if (known == null || known.set() != theirs.get(k).set() || block != theirs.get(k).block()) {
        return null;
      }
      for (int channel : known.channels()) {
        for (int i = 0; i < block; i++) {
          map[at++] = base + channel * block + i;
        }
      }
      base += parent.sets().get(known.set()).channels() * block;
    }
    return base == parentNetwork.shape(parentNode).channels() ? map : null;
  }

  private int length(Span span) {
    return child.sets().get(span.set()).channels() * span.block();
  }
}
