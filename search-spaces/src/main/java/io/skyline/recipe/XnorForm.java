package io.skyline.recipe;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Pooling.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network in the form of XNOR-Net (Rastegari et al. 2016), node by node: before each layer of
 * two-valued weights a normalization and a sign (section 3.3).
 *
 * <p>With scales of inputs each such layer's output is multiplied at each place by the mean
 * magnitude of what its window covers (K of section 3.2): the mean over channels, averaged over the
 * window. Padding is no value of either, as its sign is zero. A layer in groups, of a dilated
 * window or whose output is an answer has none.
 */
final class XnorForm {
  private final Architecture original;
  private final boolean inputScales;
  private final List<Node> nodes = new ArrayList<>();

  /** By the name of a node that is scaled, what holds its scaled output. */
  private final Map<String, String> scaled = new HashMap<>();

  XnorForm(Architecture original, boolean inputScales) {
    this.original = original;
    this.inputScales = inputScales;
  }

  /** Adds the next node of the original; on signs, unless it reads signs already. */
  void add(Node node, boolean onSigns) {
    List<String> inputs =
        node.inputs().stream().map(name -> scaled.getOrDefault(name, name)).toList();
    if (!onSigns || readsSigns(node)) {
      nodes.add(new Node(node.name(), node.layer(), inputs));
      return;
    }
    String norm = add(node, "_sign_norm", new BatchNorm(), inputs);
    String sign = add(node, "_sign", new Activation(Function.SIGN), List.of(norm));
    nodes.add(new Node(node.name(), node.layer(), List.of(sign)));
    if (inputScales && hasScales(node)) {
      String scales = scales(node, norm);
      scaled.put(node.name(), add(node, "_scaled", new Multiply(), List.of(node.name(), scales)));
    }
  }

  private String add(Node node, String suffix, Layer layer, List<String> inputs) {
    Node added = new Node(original.freeName(node.name() + suffix), layer, inputs);
    nodes.add(added);
    return added.name();
  }

  private boolean hasScales(Node node) {
    boolean plain =
        !(node.layer() instanceof Convolution conv) || (conv.groups() == 1 && conv.dilation() == 1);
    return plain && !original.outputs().contains(node.name());
  }

  private String scales(Node node, String norm) {
    String magnitude = add(node, "_magnitude", new Activation(Function.ABS), List.of(norm));
    String mean = add(node, "_mean", new ChannelPooling(Kind.AVERAGE), List.of(magnitude));
    if (!(node.layer() instanceof Convolution conv) || isPoint(conv)) {
      return mean;
    }
    Pooling window =
        new Pooling(Kind.AVERAGE, conv.kernel(), conv.stride(), conv.padding(), conv.form());
    return add(node, "_window", window, List.of(mean));
  }

  /** Whether each output is over one input. */
  private boolean isPoint(Convolution conv) {
    return conv.taps() == 1 && conv.stride() == 1 && conv.padding() == 0;
  }

  private boolean readsSigns(Node node) {
    Activation sign = new Activation(Function.SIGN);
    return original.nodes().stream()
        .anyMatch(other -> node.inputs().contains(other.name()) && other.layer().equals(sign));
  }

  Architecture network() {
    return original.with(nodes);
  }
}
