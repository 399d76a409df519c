package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.SoftArgmax;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * He initialization (He et al. 2015, section 2.2), in plain order, independent of any engine; but
 * the scores of a soft-argmax begin as zeros, so that it begins in the middle (as the localisation
 * networks of Jaderberg et al. 2015 do).
 */
final class Initialization {
  private Initialization() {}

  static Weights draw(Architecture architecture, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<String> scoring = scoring(architecture);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        float[] values =
            scoring.contains(node.name()) ? new float[parameter.size()] : draw(parameter, random);
        tensors.put(Weights.key(node, parameter.name()), values);
      }
    }
    return new Weights(tensors);
  }

  /** The layers that give the scores of a soft-argmax. */
  private static Set<String> scoring(Architecture architecture) {
    Set<String> scoring = new HashSet<>();
    for (Node node : architecture.nodes()) {
      if (node.layer() instanceof SoftArgmax) {
        scoring.addAll(node.inputs());
      }
    }
    return scoring;
  }

  private static float[] draw(Parameter parameter, SplittableRandom random) {
    float[] values = new float[parameter.size()];
    switch (parameter.name()) {
      case "kernel" -> {
        int fanIn = parameter.size() / parameter.dimensions().get(0);
        double deviation = Math.sqrt(2.0 / fanIn);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
      }
      case "gamma", "variance" -> Arrays.fill(values, 1f);
      default -> {}
    }
    return values;
  }
}
