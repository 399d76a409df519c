package io.skyline.architecture;

import java.util.ArrayList;
import java.util.List;

/**
 * A network with its learned group convolutions as they ship (Huang et al. 2018, section 3.3): an
 * index layer that gives each group the inputs that it keeps, and a grouped convolution, which
 * bears the learned one's name.
 */
public final class CondensedForm {
  private CondensedForm() {}

  /** The inputs that each group of a learned convolution keeps. */
  public interface Choice {
    /** One list for each group, one after the other. */
    List<Integer> kept(Node node, LearnedGroupConvolution layer);
  }

  /** The name of the index layer before a learned group convolution. */
  public static String index(Node node) {
    return node.name() + "_index";
  }

  /** The network as it ships; the same one if nothing in it is learned. */
  public static Architecture of(Architecture trained, Choice choice) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : trained.nodes()) {
      if (node.layer() instanceof LearnedGroupConvolution learned) {
        nodes.add(new Node(index(node), new Select(choice.kept(node, learned)), node.inputs()));
        nodes.add(new Node(node.name(), learned.condensed(), List.of(index(node))));
      } else {
        nodes.add(node);
      }
    }
    return nodes.size() == trained.nodes().size() ? trained : trained.with(nodes);
  }

  /**
   * The same before training, when nobody knows yet which inputs are kept: the first ones stand for
   * them. It costs what the trained network will.
   */
  public static Architecture foretold(Architecture trained) {
    return of(trained, (node, layer) -> first(layer, trained.inputShapes(node).get(0).channels()));
  }

  private static List<Integer> first(LearnedGroupConvolution layer, int inputs) {
    List<Integer> channels = new ArrayList<>();
    for (int group = 0; group < layer.groups(); group++) {
      for (int channel = 0; channel < layer.kept(inputs); channel++) {
        channels.add(channel);
      }
    }
    return channels;
  }
}
