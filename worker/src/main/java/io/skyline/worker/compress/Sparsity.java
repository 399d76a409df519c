package io.skyline.worker.compress;

import io.skyline.recipe.MagnitudePruning;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Which weights of which kernels become zero. */
final class Sparsity {
  private Sparsity() {}

  /**
   * A network whose weights of least magnitude are zero.
   *
   * @param share of all weights of kernels
   */
  static Network of(Network network, MagnitudePruning pruning, double share, Workbench bench) {
    List<Kernel> kernels = Kernel.of(network);
    return switch (pruning.scope()) {
      case LAYER -> Kernel.replaced(network, kernels.stream().map(k -> cut(k, share)).toList());
      case GLOBAL -> Kernel.replaced(network, zeroed(kernels, share, Kernel::rootMeanSquare));
      case SENSITIVITY ->
          Kernel.replaced(network, cut(kernels, Sensitivity.shares(network, share, bench)));
    };
  }

  private static List<Kernel> cut(List<Kernel> kernels, double[] shares) {
    List<Kernel> cut = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      cut.add(cut(kernels.get(i), shares[i]));
    }
    return cut;
  }

  /** A kernel of whose weights the least are zero. */
  static Kernel cut(Kernel kernel, double share) {
    return zeroed(List.of(kernel), share, one -> 1).get(0);
  }

  /**
   * Kernels of whose weights together the least are zero, of equal ones the first; each kernel
   * keeps its largest.
   *
   * @param scale by which a kernel's weights are divided before they are compared
   */
  private static List<Kernel> zeroed(
      List<Kernel> kernels, double share, ToDoubleFunction<Kernel> scale) {
    int all = kernels.stream().mapToInt(kernel -> kernel.weights().length).sum();
    // above the bits of a magnitude, which ascend as it does, below them its place
    long[] places = new long[all - kernels.size()];
    int[] first = new int[kernels.size() + 1];
    int next = 0;
    for (int k = 0; k < kernels.size(); k++) {
      float[] weights = kernels.get(k).weights();
      first[k + 1] = first[k] + weights.length;
      double by = scale.applyAsDouble(kernels.get(k));
      int largest = largest(weights);
      for (int i = 0; i < weights.length; i++) {
        if (i != largest) {
          long magnitude = Float.floatToIntBits((float) (Math.abs(weights[i]) / by));
          places[next++] = magnitude << 32 | first[k] + i;
        }
      }
    }
    Arrays.sort(places);
    List<Kernel> zeroed = new ArrayList<>();
    kernels.forEach(kernel -> zeroed.add(new Kernel(kernel.key(), kernel.weights().clone())));
    int zeros = Math.min(places.length, (int) Math.round(share * all));
    for (int i = 0; i < zeros; i++) {
      int place = (int) places[i];
      int found = Arrays.binarySearch(first, place);
      int kernel = found >= 0 ? found : -found - 2;
      zeroed.get(kernel).weights()[place - first[kernel]] = 0;
    }
    return zeroed;
  }

  private static int largest(float[] weights) {
    int largest = 0;
    for (int i = 1; i < weights.length; i++) {
      largest = Math.abs(weights[i]) > Math.abs(weights[largest]) ? i : largest;
    }
    return largest;
  }
}
