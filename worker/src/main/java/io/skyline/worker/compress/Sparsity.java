package io.skyline.worker.compress;

import io.skyline.recipe.MagnitudePruning;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
      case GLOBAL -> Kernel.replaced(network, global(kernels, share));
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
    return kernel.above(threshold(magnitudes(kernel, 1), share));
  }

  private static List<Kernel> global(List<Kernel> kernels, double share) {
    float[] all = new float[kernels.stream().mapToInt(k -> k.weights().length).sum()];
    int at = 0;
    for (Kernel kernel : kernels) {
      float[] relative = magnitudes(kernel, kernel.rootMeanSquare());
      System.arraycopy(relative, 0, all, at, relative.length);
      at += relative.length;
    }
    double threshold = threshold(all, share);
    return kernels.stream().map(k -> k.above(threshold * k.rootMeanSquare())).toList();
  }

  private static float[] magnitudes(Kernel kernel, double scale) {
    float[] magnitudes = new float[kernel.weights().length];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = (float) (Math.abs(kernel.weights()[i]) / scale);
    }
    return magnitudes;
  }

  /** The magnitude up to which numbers are among the share of least ones; sorts them. */
  private static double threshold(float[] magnitudes, double share) {
    Arrays.sort(magnitudes);
    int zeros = (int) Math.round(share * magnitudes.length);
    return zeros == 0 ? -1 : magnitudes[zeros - 1];
  }
}
