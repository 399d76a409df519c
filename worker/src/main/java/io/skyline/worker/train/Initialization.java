package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** He initialization (He et al. 2015, section 2.2), in plain order, independent of any engine. */
final class Initialization {
  private Initialization() {}

  static Weights draw(Architecture architecture, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        tensors.put(Weights.key(node, parameter.name()), draw(parameter, random));
      }
    }
    return new Weights(tensors);
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
