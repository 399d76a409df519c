package io.skyline.worker.compress;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.CondensedForm;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns learned group convolutions into what ships: an index layer and a grouped convolution (Huang
 * et al. 2018, section 3.3). A trained network computes the same as before, since its groups have
 * dropped all other inputs.
 *
 * <p>The inputs that a group keeps are those with the largest sum of magnitudes; equal ones are
 * decided by the lower index. In a network that was never trained they are so too, and its outputs
 * change.
 */
public final class Condensation {
  private final Network trained;
  private final Map<String, List<Integer>> kept = new HashMap<>();

  private Condensation(Network trained) {
    this.trained = trained;
  }

  /** The network as it ships; the same one if nothing in it is learned. */
  public static Network deployed(Network trained) {
    return new Condensation(trained).deploy();
  }

  private Network deploy() {
    Architecture deployed = CondensedForm.of(trained.architecture(), this::choose);
    if (kept.isEmpty()) {
      return trained;
    }
    Map<String, float[]> tensors = new LinkedHashMap<>(trained.weights().tensors());
    for (Node node : trained.architecture().nodes()) {
      List<Integer> channels = kept.get(node.name());
      if (channels != null) {
        int inputs = trained.architecture().inputShapes(node).get(0).channels();
        tensors.computeIfPresent(
            Weights.key(node, "kernel"),
            (key, kernel) -> condensed(kernel, inputs, groups(node), channels));
      }
    }
    return new Network(deployed, new Weights(tensors), trained.normalization());
  }

  private static int groups(Node node) {
    return ((LearnedGroupConvolution) node.layer()).groups();
  }

  private List<Integer> choose(Node node, LearnedGroupConvolution layer) {
    int inputs = trained.architecture().inputShapes(node).get(0).channels();
    float[] kernel = trained.weights().get(node, "kernel");
    int group = kernel.length / layer.groups();
    List<Integer> channels = new ArrayList<>();
    for (int g = 0; g < layer.groups(); g++) {
      double[] norms = new double[inputs];
      for (int i = g * group; i < (g + 1) * group; i++) {
        norms[i % inputs] += Math.abs(kernel[i]);
      }
      IntStream.range(0, inputs)
          .boxed()
          .sorted(Comparator.comparingDouble((Integer input) -> -norms[input]))
          .limit(layer.kept(inputs))
          .sorted()
          .forEach(channels::add);
    }
    kept.put(node.name(), channels);
    return channels;
  }

  /** Of every filter the weights of the inputs that its group keeps. */
  private static float[] condensed(float[] kernel, int inputs, int groups, List<Integer> channels) {
    int filters = kernel.length / inputs;
    int each = channels.size() / groups;
    float[] condensed = new float[filters * each];
    for (int i = 0; i < condensed.length; i++) {
      int filter = i / each;
      int group = filter / (filters / groups);
      condensed[i] = kernel[filter * inputs + channels.get(group * each + i % each)];
    }
    return condensed;
  }
}
