package io.skyline.worker.compress;

import io.skyline.worker.train.TensorRule;
import java.util.stream.IntStream;

/** Numbers that are zero in a mask, of a training's start or of another, stay so. */
final class KeptZeros implements TensorRule {
  private final int[] zeros;

  KeptZeros(float[] mask) {
    zeros = IntStream.range(0, mask.length).filter(i -> mask[i] == 0).toArray();
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
