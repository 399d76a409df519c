package io.skyline.worker.inherit;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.worker.inherit.Kernels.Form;
import io.skyline.worker.inherit.Signals.Moments;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A child that begins with what its parent has learned (Net2Net, Chen et al. 2016; as evolving
 * searches use it: Real et al. 2017, "Large-scale evolution of image classifiers", section 3.5;
 * Elsken et al. 2019, LEMONADE).
 *
 * <p>Layers are matched by name and kind. Further channels repeat some of the parent's, whose
 * readers share their weights among them; a larger window has zeros around the smaller one; a new
 * layer passes on what it reads where it can: convolutions and dense layers of stride 1 by a kernel
 * of ones, normalizations by the statistics that they will meet, and a new block with a shortcut by
 * a branch that gives zeros. Where all changes are of these kinds the child computes what its
 * parent does. A layer of another kind, or whose input is another, begins afresh; fewer channels
 * and smaller windows keep what fits.
 */
public final class Inheritance {
  private final Network parent;
  private final Network fresh;
  private final ChannelMaps maps;
  private final Kinship kinship;
  private final long seed;
  private final Map<String, float[]> tensors = new LinkedHashMap<>();
  private int inherited;

  private Inheritance(Network parent, Network fresh, long seed) {
    this.parent = parent;
    this.fresh = fresh;
    this.seed = seed;
    this.maps = new ChannelMaps(parent.architecture(), fresh.architecture(), seed);
    this.kinship = new Kinship(parent, fresh.architecture(), maps);
  }

  /**
   * A network before its training.
   *
   * @param inherited tensors that hold numbers of the parent, or pass its values on
   * @param preserving whether it computes what its parent computes
   */
  public record Start(Network network, int inherited, boolean preserving) {}

  /**
   * Lets a child inherit.
   *
   * @param parent trained; of the same inputs and normalisation
   * @param fresh the child with the weights that it has where it inherits none
   * @param seed of the channels that are repeated; the same gives the same
   */
  public static Start of(Network parent, Network fresh, long seed) {
    Inheritance inheritance = new Inheritance(parent, fresh, seed);
    Architecture child = fresh.architecture();
    for (Node node : child.nodes()) {
      for (Parameter parameter : child.parameters(node)) {
        String key = Weights.key(node, parameter.name());
        float[] own = fresh.weights().get(node, parameter.name());
        float[] values = inheritance.values(node, parameter, own);
        inheritance.inherited += values == null ? 0 : 1;
        inheritance.tensors.put(key, values == null ? own : values);
      }
    }
    Network network =
        new Network(child, new Weights(inheritance.tensors), fresh.normalization(), fresh.exits());
    return new Start(network, inheritance.inherited, inheritance.kinship.preserves());
  }

  /** A tensor's numbers; null for its own. */
  private float @Nullable [] values(Node node, Parameter parameter, float[] own) {
    Node namesake = kinship.namesake(node);
    if (namesake != null) {
      return copied(node, namesake, parameter, own);
    }
    if (kinship.isSilenced(node)) {
      // a branch that begins with zeros: Goyal et al. 2017, section 5.1
      return parameter.name().equals("gamma") ? new float[own.length] : null;
    }
    String source = kinship.source(node.name());
    return source == null ? null : passing(node, parameter, source);
  }

  private float @Nullable [] copied(Node node, Node namesake, Parameter parameter, float[] own) {
    float[] theirs = parent.weights().tensors().get(Weights.key(namesake, parameter.name()));
    if (theirs == null) {
      return null;
    }
    boolean known =
        node.layer() instanceof Convolution
            || node.layer() instanceof Dense
            || node.layer() instanceof BatchNorm;
    if (!known) {
      return own.length == theirs.length ? theirs.clone() : null;
    }
    int[] outputs = maps.map(node.name(), namesake.name());
    if (!parameter.name().equals("kernel")) { // one number a channel
      float[] values = own.clone();
      for (int i = 0; i < values.length; i++) {
        int from = Kernels.at(outputs, i, theirs.length);
        values[i] = from < 0 ? own[i] : theirs[from];
      }
      return values;
    }
    Form to = form(node, fresh.architecture());
    Form from = form(namesake, parent.architecture());
    if (to == null || from == null) {
      throw new IllegalStateException(node.name() + " has a kernel without a form");
    }
    int[] inputs = null;
    if (ChannelMaps.makes(node)) {
      inputs = maps.map(node.inputs().get(0), namesake.inputs().get(0));
      boolean flattens = node.layer() instanceof Dense;
      if (inputs == null && flattens) {
        return null; // its inputs are other places, not other channels
      }
    }
    return Kernels.copy(theirs, from, own, to, outputs, inputs, seed ^ node.name().hashCode());
  }

  private static @Nullable Form form(Node node, Architecture architecture) {
    int inputs = architecture.inputShapes(node).get(0).channels();
    if (node.layer() instanceof Convolution conv) {
      return Form.of(conv, inputs);
    }
    return node.layer() instanceof Dense dense ? new Form(dense.outputs(), inputs, 1, 1) : null;
  }

  private float @Nullable [] passing(Node node, Parameter parameter, String source) {
    int[] outputs = maps.map(node.name(), source);
    int[] inputs = maps.map(node.inputs().get(0), source);
    if (outputs == null || inputs == null) {
      return null;
    }
    if (node.layer() instanceof BatchNorm) {
      return normalization(parameter, source, outputs);
    }
    if (!parameter.name().equals("kernel")) {
      return new float[parameter.size()];
    }
    Form form = form(node, fresh.architecture());
    if (form == null) {
      return null;
    }
    if (node.layer() instanceof Convolution conv && conv.isDepthwise()) {
      return Kernels.identity(form);
    }
    int channels = parent.architecture().shape(source).channels();
    return Kernels.identity(form, outputs, inputs, channels, seed ^ node.name().hashCode());
  }

  /** Undoes itself: by the statistics that it will meet, it scales and shifts back. */
  private float[] normalization(Parameter parameter, String source, int[] channels) {
    float[] values = new float[channels.length];
    for (int i = 0; i < values.length; i++) {
      Moments moments = kinship.signals().moments(source, channels[i]);
      values[i] =
          (float)
              switch (parameter.name()) {
                case "gamma" -> Math.sqrt(moments.variance() + BatchNorm.EPSILON);
                case "variance" -> moments.variance();
                default -> moments.mean(); // of beta and of the running mean
              };
    }
    return values;
  }
}
