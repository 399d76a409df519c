package io.skyline.worker.compress;

import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.LowRankPlan;
import io.skyline.recipe.LowRankPlan.Cut;
import io.skyline.recipe.LowRankPlan.Factors;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the kernels of a network, as many and of such ranks as a {@link LowRankPlan} says, as the
 * products that are nearest to them (Eckart and Young 1936): truncated singular value
 * decompositions, each singular value shared evenly by both factors.
 */
final class LowRankFactors {
  private static final String KERNEL = "kernel";

  private LowRankFactors() {}

  /**
   * The plan whose ranks are the least that keep a share of each kernel's energy.
   *
   * @param kept in (0, 1)
   */
  static LowRankPlan byEnergy(Network network, Method method, double kept) {
    LowRankPlan most = LowRankPlan.most(network.architecture(), method);
    Map<String, Integer> ranks = new HashMap<>();
    for (Node node : network.architecture().nodes()) {
      Factors factors = most.layers().get(node.name());
      if (factors != null) {
        double[] values = TruncatedSvd.values(matrix(network, node, factors.cut()));
        most.rankFrom(node.name(), TruncatedSvd.leastRank(values, kept))
            .ifPresent(rank -> ranks.put(node.name(), rank));
      }
    }
    return most.withRanks(ranks);
  }

  /**
   * The factored network, not fine-tuned.
   *
   * @param plan of its architecture
   */
  static Network of(Network network, LowRankPlan plan) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : network.architecture().nodes()) {
      List<Parameter> parameters = network.architecture().parameters(node);
      parameters.forEach(
          parameter ->
              tensors.put(
                  Weights.key(node, parameter.name()),
                  network.weights().get(node, parameter.name())));
      Factors factors = plan.layers().get(node.name());
      if (factors != null) {
        TruncatedSvd svd = TruncatedSvd.of(matrix(network, node, factors.cut()), factors.rank());
        List<Integer> extents = parameters.get(0).dimensions();
        int columns = factors.cut() == Cut.COLUMNS ? extents.get(3) : 1;
        tensors.put(Weights.key(factors.basis(), KERNEL), svd.right());
        tensors.put(Weights.key(factors.mixing(), KERNEL), mixing(svd.left(), columns));
      }
    }
    return new Network(plan.factored(), new Weights(tensors), network.normalization());
  }

  /** A kernel as a matrix. */
  private static double[][] matrix(Network network, Node node, Cut cut) {
    float[] kernel = network.weights().get(node, KERNEL);
    List<Integer> extents = network.architecture().parameters(node).get(0).dimensions();
    int outputs = extents.get(0);
    int columns = cut == Cut.COLUMNS ? extents.get(3) : 1;
    int others = kernel.length / outputs / columns;
    double[][] matrix = new double[outputs * columns][others];
    for (int i = 0; i < kernel.length; i++) {
      int output = i / (others * columns);
      matrix[output * columns + i % columns][i / columns % others] = kernel[i];
    }
    return matrix;
  }

  /**
   * The kernel outputs x rank x columns of the second layer.
   *
   * @param left one row of as many numbers as the rank for each output and column
   */
  private static float[] mixing(double[][] left, int columns) {
    int rank = left[0].length;
    float[] kernel = new float[left.length * rank];
    for (int row = 0; row < left.length; row++) {
      for (int r = 0; r < rank; r++) {
        kernel[(row / columns * rank + r) * columns + row % columns] = (float) left[row][r];
      }
    }
    return kernel;
  }
}
