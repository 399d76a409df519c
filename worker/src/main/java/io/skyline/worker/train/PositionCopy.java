package io.skyline.worker.train;

import io.skyline.architecture.Shape;
import java.util.Arrays;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Moves the positions of images, all channels of one together, between a batch of examples and the
 * same examples cut into smaller images.
 */
final class PositionCopy implements Runnable {
  private static final int BLOCK = OneDnn.BLOCK;

  private final int examples;
  private final int units;
  private final boolean blocked;
  private final int fromUnit;
  private final int toUnit;
  private final int[] sources;
  private final int[] targets;
  private final FloatPointer from;
  private final FloatPointer to;
  private final float[] source;
  private final float[] target;

  /**
   * Images of one shape, one or several for each example.
   *
   * @param shape of one
   */
  record Images(memory values, Shape shape) {
    int plane() {
      return shape.height() * shape.width();
    }
  }

  /**
   * @param examples in the batch
   * @param layout of both sides
   * @param positions for each position of the images of an example, that from which it is taken; -1
   *     for zero
   */
  PositionCopy(int examples, Tensor.Layout layout, Images from, Images to, int[] positions) {
    this.examples = examples;
    this.blocked = layout == Tensor.Layout.BLOCKED;
    int lanes = blocked ? BLOCK : 1;
    this.units = (from.shape.channels() + lanes - 1) / lanes;
    this.fromUnit = from.plane() * lanes;
    this.toUnit = to.plane() * lanes;
    this.sources = new int[positions.length];
    this.targets = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      targets[i] = place(i, to.plane()) * lanes;
      sources[i] = positions[i] < 0 ? -1 : place(positions[i], from.plane()) * lanes;
    }
    this.from = OneDnn.floats(from.values);
    this.to = OneDnn.floats(to.values);
    this.source = new float[Math.toIntExact(this.from.limit() / examples)];
    this.target = new float[Math.toIntExact(this.to.limit() / examples)];
  }

  /** Where the first channels stand at a position, counted over the images of an example. */
  private int place(int position, int plane) {
    return position / plane * units * plane + position % plane;
  }

  @Override
  public void run() {
    for (int example = 0; example < examples; example++) {
      from.position((long) example * source.length).get(source, 0, source.length);
      for (int unit = 0; unit < units; unit++) {
        if (blocked) {
          moveBlocks(sources, unit * fromUnit, source, targets, unit * toUnit, target);
        } else {
          moveNumbers(sources, unit * fromUnit, source, targets, unit * toUnit, target);
        }
      }
      to.position((long) example * target.length).put(target, 0, target.length);
    }
  }

  private static void moveBlocks(
      int[] sources, int from, float[] source, int[] targets, int to, float[] target) {
    for (int i = 0; i < sources.length; i++) {
      int into = targets[i] + to;
      if (sources[i] < 0) {
        Arrays.fill(target, into, into + BLOCK, 0f);
      } else {
        System.arraycopy(source, sources[i] + from, target, into, BLOCK);
      }
    }
  }

  private static void moveNumbers(
      int[] sources, int from, float[] source, int[] targets, int to, float[] target) {
    for (int i = 0; i < sources.length; i++) {
      target[targets[i] + to] = sources[i] < 0 ? 0 : source[sources[i] + from];
    }
  }
}
