package io.skyline.worker.compress;

import io.skyline.worker.train.TensorRule;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers that are equal when a training starts move together: each takes the mean gradient of all
 * that share its value, which is the gradient of the value but for their number (Han et al. 2016,
 * section 3.3). Zeros stay.
 */
final class SharedValues implements TensorRule {
  private static final int ZERO = 0;

  /** For each number the value it shares; 0 for zeros. */
  private final int[] shares;

  private final double[] sums;
  private final int[] counts;

  SharedValues(float[] start) {
    shares = new int[start.length];
    Map<Float, Integer> values = new HashMap<>();
    values.put(0f, ZERO);
    for (int i = 0; i < start.length; i++) {
      // adding 0 makes one zero of both
      shares[i] = values.computeIfAbsent(start[i] + 0f, value -> values.size());
    }
    sums = new double[values.size()];
    counts = new int[values.size()];
    for (int share : shares) {
      counts[share]++;
    }
  }

  @Override
  public void adjust(float[] gradient) {
    average(gradient);
  }

  /** Optimizers treat equal numbers of equal gradients alike; rounding is taken out. */
  @Override
  public void hold(float[] held) {
    average(held);
  }

  private void average(float[] values) {
    java.util.Arrays.fill(sums, 0);
    for (int i = 0; i < values.length; i++) {
      sums[shares[i]] += values[i];
    }
    sums[ZERO] = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (sums[shares[i]] / counts[shares[i]]);
    }
  }
}
