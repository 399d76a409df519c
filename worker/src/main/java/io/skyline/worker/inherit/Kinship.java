package io.skyline.worker.inherit;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import io.skyline.worker.network.Network;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How each node of a child relates to the parent: which has a namesake there whose numbers fit,
 * which is new and can pass on what it reads, and which gives the very values that a node of the
 * parent gives.
 */
final class Kinship {
  private final Network parent;
  private final Architecture child;
  private final ChannelMaps maps;
  private final Signals signals;
  private final Map<String, Node> parents = new HashMap<>();
  private final Map<String, Node> children = new HashMap<>();

  /** The parent's node whose values a child's node gives; absent if there is none. */
  private final Map<String, String> sources = new HashMap<>();

  private final Set<String> silenced = new HashSet<>();

  Kinship(Network parent, Architecture child, ChannelMaps maps) {
    this.parent = parent;
    this.child = child;
    this.maps = maps;
    this.signals = new Signals(parent);
    parent.architecture().nodes().forEach(node -> parents.put(node.name(), node));
    child.nodes().forEach(node -> children.put(node.name(), node));
    sources.put(Architecture.INPUT, Architecture.INPUT);
    maps.tie(Architecture.INPUT, Architecture.INPUT);
    for (Node node : child.nodes()) {
      if (namesake(node) != null && ChannelMaps.makes(node)) {
        maps.tie(node.name(), node.name());
      }
    }
    for (Node node : child.nodes()) {
      if (namesake(node) != null) {
        maps.tie(node.name(), node.name()); // grouped convolutions make channels too
      }
    }
    for (Node node : child.nodes()) {
      String source = namesake(node) == null ? inserted(node) : kept(node);
      if (source != null) {
        sources.put(node.name(), source);
      }
    }
  }

  /** The parent's node of the same name, if it is of the same kind. */
  @Nullable Node namesake(Node node) {
    Node other = parents.get(node.name());
    return other != null && alike(node.layer(), other.layer()) ? other : null;
  }

  private static boolean alike(Layer child, Layer parent) {
    if (child instanceof Convolution a && parent instanceof Convolution b) {
      int wider = (a.kernel() - b.kernel()) / 2 * a.dilation();
      boolean sameGroups =
          a.groups() == 1 && b.groups() == 1
              || a.isDepthwise() && b.isDepthwise()
              || a.groups() == b.groups() && a.outputs() == b.outputs();
      return sameGroups
          && a.stride() == b.stride()
          && a.dilation() == b.dilation()
          && a.form() == b.form()
          && (a.kernel() - b.kernel()) % 2 == 0
          && a.padding() - b.padding() == wider;
    }
    return child instanceof Dense && parent instanceof Dense || child.equals(parent);
  }

  /** The parent's node that gives the same values, if there is one. */
  @Nullable String source(String name) {
    return sources.get(name);
  }

  /** Whether a node is to give zeros, so that what it is added to stays as it is. */
  boolean isSilenced(Node node) {
    return silenced.contains(node.name());
  }

  /** Whether the whole child computes what its parent computes. */
  boolean preserves() {
    return child.exits().equals(parent.architecture().exits())
        && child.exits().stream().allMatch(exit -> exit.equals(sources.get(exit)))
        && Objects.equals(
            sources.get(child.output().name()), parent.architecture().output().name());
  }

  private @Nullable String kept(Node node) {
    Node other = Objects.requireNonNull(namesake(node));
    if (other.inputs().size() != node.inputs().size()) {
      return null;
    }
    for (int i = 0; i < node.inputs().size(); i++) {
      if (!other.inputs().get(i).equals(sources.get(node.inputs().get(i)))) {
        return null;
      }
    }
    int[] outputs = maps.map(node.name(), other.name());
    int[] inputs = maps.map(node.inputs().get(0), other.inputs().get(0));
    if (outputs == null || inputs == null) {
      return null;
    }
    boolean same = true;
    if (node.layer() instanceof Convolution a && other.layer() instanceof Convolution b) {
      same = a.kernel() >= b.kernel() && (a.bias() || !b.bias());
    } else if (node.layer() instanceof Dense a && other.layer() instanceof Dense b) {
      same = a.bias() || !b.bias();
    }
    if (ChannelMaps.makes(node)) {
      same &= covers(inputs, channels(parent.architecture(), other.inputs().get(0)));
    } else if (!child.parameters(node).isEmpty() && !isChannelwise(node)
        || child.parameters(node).isEmpty() && mixes(node)) {
      // what is no function of single channels keeps its meaning with the same channels only
      same &=
          outputs.length == channels(parent.architecture(), other.name())
              && inputs.length == channels(parent.architecture(), other.inputs().get(0));
    }
    return same ? other.name() : null;
  }

  private static boolean isChannelwise(Node node) {
    return node.layer() instanceof BatchNorm
        || node.layer() instanceof Convolution conv && conv.isDepthwise();
  }

  /** Whether the places of channels matter to a layer without parameters. */
  private static boolean mixes(Node node) {
    Layer layer = node.layer();
    return layer instanceof Shuffle
        || layer instanceof Select
        || layer instanceof Slice
        || layer instanceof ChannelPooling
        || layer instanceof Glimpse
        || layer instanceof SoftArgmax;
  }

  private static int channels(Architecture architecture, String node) {
    return architecture.shape(node).channels();
  }

  private static boolean covers(int[] map, int channels) {
    BitSet seen = new BitSet(channels);
    for (int channel : map) {
      seen.set(channel);
    }
    return seen.cardinality() == channels;
  }

  /** What a node without a namesake passes on, if it can be made to. */
  private @Nullable String inserted(Node node) {
    String input = node.inputs().get(0);
    String source = sources.get(input);
    if (node.layer() instanceof Add) {
      return added(node);
    }
    if (source == null) {
      return null;
    }
    if (node.layer() instanceof Dropout || node.layer() instanceof DropPath) {
      return source;
    }
    if (node.layer() instanceof Activation activation) {
      return signals.isFixedUnder(activation.function(), source) ? source : null;
    }
    if (ChannelMaps.makes(node)) {
      maps.tie(node.name(), source);
    }
    return passesOn(node, source) ? source : null;
  }

  private boolean passesOn(Node node, String source) {
    int[] inputs = maps.map(node.inputs().get(0), source);
    int[] outputs = maps.map(node.name(), source);
    if (inputs == null || outputs == null) {
      return false;
    }
    if (node.layer() instanceof BatchNorm) {
      return true;
    }
    int channels = channels(parent.architecture(), source);
    if (node.layer() instanceof Convolution conv) {
      boolean keepsPlaces =
          conv.stride() == 1
              && conv.kernel() % 2 == 1
              && conv.padding() == conv.kernel() / 2 * conv.dilation();
      return keepsPlaces && (conv.isDepthwise() || conv.groups() == 1 && covers(outputs, channels));
    }
    return node.layer() instanceof Dense && covers(outputs, channels);
  }

  /** A new shortcut passes on what it is around, if the branch beside it is silent. */
  private @Nullable String added(Node node) {
    if (node.inputs().size() != 2) {
      return null;
    }
    String skip = node.inputs().get(0);
    String branch = node.inputs().get(1);
    if (!canBeSilent(branch)) {
      String other = skip;
      skip = branch;
      branch = other;
    }
    String source = sources.get(skip);
    if (source == null || !canBeSilent(branch) || maps.map(node.name(), source) == null) {
      return null;
    }
    silenced.add(branch);
    sources.remove(branch);
    return source;
  }

  private boolean canBeSilent(String name) {
    Node node = children.get(name);
    if (node == null || namesake(node) != null || !(node.layer() instanceof BatchNorm)) {
      return false;
    }
    return child.nodes().stream().filter(reader -> reader.inputs().contains(name)).count() == 1;
  }

  /** What is known of the values that a parent's node gives. */
  Signals signals() {
    return signals;
  }
}
