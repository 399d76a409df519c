package io.skyline.worker.train;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/** Sets what pads the last block of channels back to zero, as every reader expects it. */
final class Padding implements Runnable {
  private static final int BLOCK = OneDnn.BLOCK;

  private final FloatPointer values;
  private final int used;
  private final int blocks;
  private final int examples;
  private final float[] plane;

  Padding(Tensor tensor) {
    values = OneDnn.floats(tensor.value);
    used = tensor.shape.channels() % BLOCK;
    blocks = tensor.shape.channels() / BLOCK + 1;
    plane = new float[tensor.shape.height() * tensor.shape.width() * BLOCK];
    examples = OneDnn.length(tensor.format) / (blocks * plane.length);
  }

  /** Whether a tensor has any. */
  static boolean exists(Tensor tensor) {
    return tensor.layout == Tensor.Layout.BLOCKED && tensor.shape.channels() % BLOCK != 0;
  }

  @Override
  public void run() {
    for (int example = 0; example < examples; example++) {
      long at = ((long) example * blocks + blocks - 1) * plane.length;
      values.position(at).get(plane, 0, plane.length);
      for (int pixel = 0; pixel < plane.length; pixel += BLOCK) {
        Arrays.fill(plane, pixel + used, pixel + BLOCK, 0f);
      }
      values.position(at).put(plane, 0, plane.length);
    }
  }
}
