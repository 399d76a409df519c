package io.skyline.worker.compress;

import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Moves weights to the grids of their channels. What lies there already stays, and zeros stay zero:
 * of a pruned channel only the others count.
 */
final class Grids {
  /** Shares of the largest weight that int4's largest number may stand for. */
  private static final double[] CLIPPINGS = {1, 0.9, 0.8, 0.7, 0.6, 0.5};

  /** Of the mean magnitude; below it a ternary weight is zero (Li et al. 2016, equation 6). */
  private static final double TERNARY_THRESHOLD = 0.7;

  private Grids() {}

  /** The network with kernels on their grids, by the names of their layers. */
  static Network round(Network network, Map<String, WeightGrid> grids) {
    Map<String, float[]> tensors = new LinkedHashMap<>(network.weights().tensors());
    for (Node node : network.architecture().nodes()) {
      WeightGrid grid = grids.get(node.name());
      if (grid != null) {
        String key = Weights.key(node, "kernel");
        float[] kernel = network.weights().get(node, "kernel").clone();
        round(grid, kernel, outputs(network, node));
        tensors.put(key, kernel);
      }
    }
    return new Network(network.architecture(), new Weights(tensors), network.normalization());
  }

  /** The output channels of a layer with a kernel. */
  static int outputs(Network network, Node node) {
    for (Parameter parameter : network.architecture().parameters(node)) {
      if (parameter.name().equals("kernel")) {
        return parameter.dimensions().get(0);
      }
    }
    throw new IllegalArgumentException(node.name() + " has no kernel");
  }

  /** Moves the weights of each of some channels, in place, to that channel's grid. */
  static void round(WeightGrid grid, float[] kernel, int channels) {
    int fan = kernel.length / channels;
    for (int from = 0; from < kernel.length; from += fan) {
      int to = from + fan;
      switch (grid) {
        case FP32 -> {}
        case INT8, INT8_NARROW -> move(kernel, from, to, scale(grid, kernel, from, to), grid);
        case INT4 -> move(kernel, from, to, bestScale(grid, kernel, from, to), grid);
        case TERNARY -> toSigns(kernel, from, to, TERNARY_THRESHOLD * mean(kernel, from, to, 0));
        case BINARY -> toSigns(kernel, from, to, 0);
      }
    }
  }

  private static float scale(WeightGrid grid, float[] kernel, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(kernel[i]));
    }
    return largest / grid.limit();
  }

  /** Of some shares of the largest weight the one of least squared error. */
  private static float bestScale(WeightGrid grid, float[] kernel, int from, int to) {
    float whole = scale(grid, kernel, from, to);
    float best = whole;
    double least = Double.POSITIVE_INFINITY;
    for (double clipping : CLIPPINGS) {
      float scale = (float) (whole * clipping);
      double error = 0;
      for (int i = from; i < to && scale > 0; i++) {
        double off = kernel[i] - moved(kernel[i], scale, grid);
        error += off * off;
      }
      if (error < least) {
        least = error;
        best = scale;
      }
    }
    return best;
  }

  private static void move(float[] kernel, int from, int to, float scale, WeightGrid grid) {
    for (int i = from; i < to && scale > 0; i++) {
      kernel[i] = moved(kernel[i], scale, grid);
    }
  }

  private static float moved(float weight, float scale, WeightGrid grid) {
    double level = Math.rint(weight / scale);
    return (float) Math.max(-grid.limit(), Math.min(grid.limit(), level)) * scale;
  }

  /** Weights of at most a magnitude to zero, the others to their mean magnitude. */
  private static void toSigns(float[] kernel, int from, int to, double threshold) {
    float scale = (float) mean(kernel, from, to, threshold);
    for (int i = from; i < to; i++) {
      kernel[i] = Math.abs(kernel[i]) > threshold ? Math.copySign(scale, kernel[i]) : 0;
    }
  }

  /** The mean magnitude of the weights above one; 0 of none. */
  private static double mean(float[] kernel, int from, int to, double above) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      double magnitude = Math.abs(kernel[i]);
      if (magnitude > above) {
        sum += magnitude;
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }
}
