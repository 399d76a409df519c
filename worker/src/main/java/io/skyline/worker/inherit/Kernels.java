package io.skyline.worker.inherit;

import io.skyline.architecture.Convolution;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Kernels of a child from those of its parent; a kernel is outputs x inputs x rows x columns. */
final class Kernels {
  private Kernels() {}

  /** The form of a kernel, one number each for dense layers. */
  record Form(int outputs, int inputs, int rows, int columns) {
    int taps() {
      return rows * columns;
    }

    static Form of(Convolution conv, int inputs) {
      return new Form(
          conv.outputs(), inputs / conv.groups(), conv.rows().kernel(), conv.columns().kernel());
    }
  }

  /**
   * The parent's numbers where the child has the same channels, zeros around a smaller window, the
   * middle of a larger one; an input that stands several times for one of the parent's shares its
   * weight among them, unequally, so that they do not learn the same.
   *
   * @param fresh the child's numbers where nothing is inherited; not changed
   * @param outputs for each of the child's outputs the parent's, negative for none; null if all
   *     stand for themselves as far as there are any
   * @param inputs the same of inputs
   */
  static float[] copy(
      float[] parent,
      Form from,
      float[] fresh,
      Form to,
      int @Nullable [] outputs,
      int @Nullable [] inputs,
      long seed) {
    float[] child = fresh.clone();
    int down = (to.rows() - from.rows()) / 2;
    int right = (to.columns() - from.columns()) / 2;
    int[] copies = new int[from.inputs()];
    for (int i = 0; i < to.inputs(); i++) {
      int q = at(inputs, i, from.inputs());
      if (q >= 0) {
        copies[q]++;
      }
    }
    for (int o = 0; o < to.outputs(); o++) {
      int p = at(outputs, o, from.outputs());
      if (p < 0) {
        continue;
      }
      double[] shares = shares(to.inputs(), inputs, copies, from.inputs(), seed + o);
      for (int i = 0; i < to.inputs(); i++) {
        int q = at(inputs, i, from.inputs());
        if (q < 0) {
          continue;
        }
        for (int y = 0; y < to.rows(); y++) {
          for (int x = 0; x < to.columns(); x++) {
            int py = y - down;
            int px = x - right;
            boolean inside = py >= 0 && py < from.rows() && px >= 0 && px < from.columns();
            float value =
                inside
                    ? parent[((p * from.inputs() + q) * from.rows() + py) * from.columns() + px]
                    : 0;
            child[((o * to.inputs() + i) * to.rows() + y) * to.columns() + x] =
                (float) (value * shares[i]);
          }
        }
      }
    }
    return child;
  }

  /** A kernel that passes on what it reads: ones in the middle where channels are the same. */
  static float[] identity(Form form, int[] outputs, int[] inputs, int channels, long seed) {
    float[] kernel = new float[form.outputs() * form.inputs() * form.taps()];
    int[] copies = new int[channels];
    for (int input : inputs) {
      copies[input]++;
    }
    int middle = form.rows() / 2 * form.columns() + form.columns() / 2;
    for (int o = 0; o < form.outputs(); o++) {
      double[] shares = shares(form.inputs(), inputs, copies, channels, seed + o);
      for (int i = 0; i < form.inputs(); i++) {
        if (inputs[i] == outputs[o]) {
          kernel[(o * form.inputs() + i) * form.taps() + middle] = (float) shares[i];
        }
      }
    }
    return kernel;
  }

  /** A depthwise kernel that does so. */
  static float[] identity(Form form) {
    float[] kernel = new float[form.outputs() * form.taps()];
    int middle = form.rows() / 2 * form.columns() + form.columns() / 2;
    for (int o = 0; o < form.outputs(); o++) {
      kernel[o * form.taps() + middle] = 1;
    }
    return kernel;
  }

  /** Shares of inputs in the parent's weight, which add up to 1 for each of its inputs. */
  private static double[] shares(
      int count, int @Nullable [] inputs, int[] copies, int known, long seed) {
    double[] shares = new double[count];
    double[] sums = new double[known];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      int q = at(inputs, i, known);
      if (q >= 0) {
        shares[i] = copies[q] == 1 ? 1 : 0.5 + random.nextDouble();
        sums[q] += shares[i];
      }
    }
    for (int i = 0; i < count; i++) {
      int q = at(inputs, i, known);
      if (q >= 0) {
        shares[i] /= sums[q];
      }
    }
    return shares;
  }

  static int at(int @Nullable [] map, int index, int known) {
    if (map != null) {
      return map[index];
    }
    return index < known ? index : -1;
  }
}
