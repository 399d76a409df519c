package io.skyline.architecture;

import java.util.List;

/**
 * One tensor of numbers that a layer owns.
 *
 * @param name {@code kernel}, {@code bias}, {@code gamma}, {@code beta}, {@code mean} or {@code
 *     variance}; a network's weights are keyed by {@code node.name}
 * @param dimensions a convolution's kernel is output x (input / groups) x height x width, a dense
 *     kernel output x input with inputs in channel, row, column order, everything else one vector
 * @param trained false for running statistics, which no gradient reaches
 */
public record Parameter(String name, List<Integer> dimensions, boolean trained) {
  public Parameter {
    dimensions = List.copyOf(dimensions);
  }

  static Parameter trained(String name, Integer... dimensions) {
    return new Parameter(name, List.of(dimensions), true);
  }

  static Parameter statistic(String name, int length) {
    return new Parameter(name, List.of(length), false);
  }

  /** Number of values. */
  public int size() {
    return dimensions.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }
}
