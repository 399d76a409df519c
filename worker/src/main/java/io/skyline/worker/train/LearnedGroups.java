package io.skyline.worker.train;

import io.skyline.architecture.LearnedGroupConvolution;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which inputs the filter groups of one learned group convolution still read, in the middle of a
 * training (Huang et al. 2018, section 3.1).
 *
 * <p>A column is what one group reads one input with: {@code outputs / groups} numbers.
 */
final class LearnedGroups {
  private final LearnedGroupConvolution layer;
  private final int inputs;
  private final int offset;
  private final int[] columns;
  private final boolean[] dropped;
  private final double[] norms;
  private int stages;

  /**
   * @param inputs channels that the layer reads
   * @param kernel the layer's, and where it begins in the flat vector of all weights
   */
  LearnedGroups(LearnedGroupConvolution layer, int inputs, ParameterSlot kernel, int offset) {
    this.layer = layer;
    this.inputs = inputs;
    this.offset = offset;
    int filters = layer.outputs() / layer.groups();
    int[] plain = new int[layer.outputs() * inputs];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = 1 + i / inputs / filters * inputs + i % inputs;
    }
    columns = kernel.stored(plain);
    dropped = new boolean[1 + layer.groups() * inputs];
    norms = new double[dropped.length];
  }

  /**
   * Condensing stages that come before a step: as many as the condensation less one, at equal
   * distances over the first half of the training, so that at least one step follows the last.
   *
   * @param steps of the whole training
   */
  static int due(int condensation, long step, long steps) {
    int due = 0;
    for (int stage = 1; stage < condensation; stage++) {
      due += stage * steps / (2L * (condensation - 1)) <= step ? 1 : 0;
    }
    return due;
  }

  /**
   * Does the stages that come before a step: each drops, of every group, one of {@code
   * condensation} inputs, those with the least sum of magnitudes.
   *
   * @return whether there were any
   */
  boolean advance(float[] weights, long step, long steps) {
    int due = due(layer.condensation(), step, steps);
    if (due == stages) {
      return false;
    }
    measure(weights, false);
    for (int group = 0; group < layer.groups(); group++) {
      drop(1 + group * inputs, due * (inputs / layer.condensation()));
    }
    stages = due;
    return true;
  }

  /** Drops of a group's columns the weakest, those dropped before included. */
  private void drop(int first, int count) {
    IntStream.range(first, first + inputs)
        .boxed()
        .sorted(
            Comparator.comparing((Integer column) -> !dropped[column])
                .thenComparingDouble(column -> norms[column]))
        .limit(count)
        .forEach(column -> dropped[column] = true);
  }

  /** Whether each group reads only the inputs that it keeps. */
  boolean isCondensed() {
    return stages == layer.condensation() - 1;
  }

  /** Sets what stands for dropped weights in a flat vector to zero. */
  void clear(float[] vector) {
    for (int i = 0; i < columns.length; i++) {
      if (dropped[columns[i]]) {
        vector[offset + i] = 0;
      }
    }
  }

  /** Adds the derivative of the penalty: a share of each column's direction. */
  void addPenalty(float[] weights, float[] gradients, double strength) {
    measure(weights, true);
    for (int column = 0; column < norms.length; column++) {
      norms[column] = norms[column] > 0 ? strength / Math.sqrt(norms[column]) : 0;
    }
    for (int i = 0; i < columns.length; i++) {
      gradients[offset + i] += (float) (norms[columns[i]] * weights[offset + i]);
    }
  }

  /** Sums magnitudes, or squares, column by column. */
  private void measure(float[] weights, boolean squares) {
    Arrays.fill(norms, 0);
    for (int i = 0; i < columns.length; i++) {
      double weight = weights[offset + i];
      norms[columns[i]] += squares ? weight * weight : Math.abs(weight);
    }
  }
}
