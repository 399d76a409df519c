package io.skyline.worker.compress;

import io.skyline.worker.train.TensorRule;
import java.util.stream.IntStream;

/** Numbers that are zero when a training starts stay so. */
final class KeptZeros implements TensorRule {
  private final int[] zeros;

  KeptZeros(float[] start) {
    zeros = IntStream.range(0, start.length).filter(i -> start[i] == 0).toArray();
  }

  @Override
  public void adjust(float[] gradient) {
    clear(gradient);
  }

  @Override
  public void hold(float[] held) {
    clear(held);
  }

  private void clear(float[] values) {
    for (int zero : zeros) {
      values[zero] = 0;
    }
  }
}
