package io.skyline.cost;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a network costs once deployed, whether or not its batch normalizations are folded yet: one
 * that follows a convolution or dense layer counts as that layer's bias, any other as one scale and
 * one shift a channel.
 *
 * <p>A learned group convolution costs what it does in training; {@link
 * io.skyline.recipe.Recipe#deployed} gives the form in which it ships.
 *
 * <p>Softmax and the normalisation of pixels, a handful of operations, are not counted.
 *
 * @param layers the input first, then every node in its order
 */
public record NetworkCost(List<LayerCost> layers) {
  /** Neighbours of which bilinear sampling takes a weighted sum. */
  private static final int CORNERS = 4;

  private static final double FEMTOJOULES_PER_MICROJOULE = 1e9;

  public NetworkCost {
    layers = List.copyOf(layers);
  }

  /**
   * The cost of an architecture as it stands: nothing is pruned.
   *
   * @param storage how all layers' numbers are stored
   */
  public static NetworkCost of(Architecture architecture, Storage storage) {
    return of(architecture, StoragePlan.all(storage));
  }

  /** The same where layers are stored in different ways. */
  public static NetworkCost of(Architecture architecture, StoragePlan plan) {
    Storage storage = plan.usual();
    Fusion fusion = new Fusion(architecture);
    MemoryPlan memory = new MemoryPlan(architecture, fusion, storage);
    List<LayerCost> layers = new ArrayList<>();
    layers.add(
        new LayerCost(
            Architecture.INPUT, architecture.input(), false, 0, 0, 0, memory.liveBytes(-1), 0));
    for (Node node : architecture.nodes()) {
      List<Shape> inputs = architecture.inputShapes(node);
      Shape output = architecture.shape(node.name());
      Stored stored = stored(architecture, node, fusion);
      boolean fused = isElementwiseOrView(node.layer()) && memory.shares(node);
      long macs = fusion.foldsInto(node) != null ? 0 : macs(node.layer(), inputs, output);
      long bytes = stored.bytes(plan.of(node.name()));
      layers.add(
          new LayerCost(
              node.name(),
              output,
              fused,
              stored.kernel + stored.bias,
              macs,
              bytes,
              memory.liveBytes(layers.size() - 1),
              Energy.femtojoules(node, inputs, output, fused, macs, bytes, storage)));
    }
    return new NetworkCost(layers);
  }

  /**
   * What each layer costs at most, be it as here or as in another network in which some layers have
   * become several, the last of which bears the name: a bound of all networks in between.
   */
  NetworkCost atMost(NetworkCost split) {
    Map<String, LayerCost> parts = new HashMap<>();
    Set<String> known = new HashSet<>();
    layers.forEach(layer -> known.add(layer.name()));
    List<LayerCost> before = new ArrayList<>();
    for (LayerCost layer : split.layers) {
      before.add(layer);
      if (known.contains(layer.name())) {
        before.stream()
            .reduce((one, next) -> next.after(one))
            .ifPresent(whole -> parts.put(layer.name(), whole));
        before.clear();
      }
    }
    return new NetworkCost(
        layers.stream()
            .map(layer -> layer.atMost(parts.getOrDefault(layer.name(), layer)))
            .toList());
  }

  private static boolean isElementwiseOrView(Layer layer) {
    return layer instanceof BatchNorm
        || layer instanceof Activation
        || layer instanceof Flatten
        || Fusion.isIdentity(layer);
  }

  private static long macs(Layer layer, List<Shape> inputs, Shape output) {
    if (layer instanceof LearnedGroupConvolution learned) {
      return macs(learned.uncondensed(), inputs, output);
    }
    if (layer instanceof Convolution conv) {
      long perGroup = inputs.get(0).channels() / conv.groups();
      return output.elements() * perGroup * conv.taps();
    }
    if (layer instanceof Dense) {
      return output.elements() * inputs.get(0).elements();
    }
    if (layer instanceof Glimpse) {
      return output.elements() * CORNERS;
    }
    if (layer instanceof SoftArgmax) {
      return output.elements() * inputs.get(0).elements();
    }
    return layer instanceof BatchNorm ? output.elements() : 0;
  }

  /** The numbers of a node after folding, by how they are stored. */
  private record Stored(long kernel, long bias, int scales) {
    long bytes(Storage storage) {
      return kernel * storage.kernelBytes()
          + bias * storage.biasBytes()
          + (long) scales * storage.scaleBytes();
    }
  }

  private static Stored stored(Architecture architecture, Node node, Fusion fusion) {
    int channels = architecture.shape(node.name()).channels();
    if (node.layer() instanceof BatchNorm) {
      Node target = fusion.foldsInto(node);
      if (target == null) {
        return new Stored(0, 2L * channels, 0);
      }
      boolean counted = hasBias(target.layer()) || fusion.foldsAgain(node);
      return new Stored(0, counted ? 0 : channels, 0);
    }
    long kernel = 0;
    long bias = 0;
    for (Parameter parameter : architecture.parameters(node)) {
      if (parameter.name().equals("kernel")) {
        kernel += parameter.size();
      } else {
        bias += parameter.size();
      }
    }
    return new Stored(kernel, bias, kernel > 0 ? channels : 0);
  }

  private static boolean hasBias(Layer layer) {
    return layer instanceof Convolution conv ? conv.bias() : layer instanceof Dense d && d.bias();
  }

  /**
   * Numbers that training learns, as papers count them: scales and shifts included, running
   * statistics not.
   */
  public static long trainableParameters(Architecture architecture) {
    return architecture.nodes().stream()
        .flatMap(node -> architecture.parameters(node).stream())
        .filter(Parameter::trained)
        .mapToLong(Parameter::size)
        .sum();
  }

  /** Numbers stored. */
  public long parameters() {
    return layers.stream().mapToLong(LayerCost::parameters).sum();
  }

  /** Multiply-accumulates of one inference. */
  public long macs() {
    return layers.stream().mapToLong(LayerCost::macs).sum();
  }

  /** Bytes of all weights, unpacked. */
  public long weightBytes() {
    return layers.stream().mapToLong(LayerCost::weightBytes).sum();
  }

  /** Values that one inference computes, the input's included and those computed in place not. */
  public long activationValues() {
    return layers.stream()
        .filter(layer -> !layer.fused())
        .mapToLong(layer -> layer.output().elements())
        .sum();
  }

  /** Bytes of live activations at the worst moment. */
  public long peakActivationBytes() {
    return layers.stream().mapToLong(LayerCost::liveBytes).max().orElse(0);
  }

  /** Bytes of weights plus live activations at the worst moment. */
  public long peakMemory() {
    return weightBytes() + peakActivationBytes();
  }

  /** Estimated microjoules of one inference. */
  public double energy() {
    return layers.stream().mapToLong(LayerCost::femtojoules).sum() / FEMTOJOULES_PER_MICROJOULE;
  }

  /** Every metric that is exact before training. */
  public Scorecard scorecard() {
    return Scorecard.EMPTY
        .with(Metric.PARAMETERS, Measurement.exact(parameters()))
        .with(Metric.MACS, Measurement.exact(macs()))
        .with(Metric.PEAK_MEMORY, Measurement.exact(peakMemory()))
        .with(Metric.ENERGY, Measurement.exact(energy()));
  }
}
