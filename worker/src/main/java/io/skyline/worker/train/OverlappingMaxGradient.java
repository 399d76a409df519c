package io.skyline.worker.train;

import io.skyline.architecture.Window;
import java.util.Arrays;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The gradient of a maximum over windows of any size and stride over the blocked layout. No argmax
 * is stored: of a window's values, row by row, the first that equals the maximum takes the
 * gradient.
 *
 * <p>A window's maximum is the largest of its rows' maxima, so the gradient goes first to the first
 * row that holds it and from there to the first such column: 2k comparisons a window instead of k².
 * Every loop runs over whole lines or planes of floats at one index, which Java's compiler
 * vectorizes: columns that are a stride apart lie side by side, in a phase of their own.
 */
final class OverlappingMaxGradient implements Runnable {
  private static final int BLOCK = OneDnn.BLOCK;

  /** Less than any activation, and finite, so that its difference to one is a number. */
  private static final float MARGIN = -1e30f;

  private final Window rows;
  private final Window columns;
  private final int inputRows;
  private final int inputLine;
  private final int outputRows;
  private final int outputColumns;
  private final int planes;
  private final FloatPointer inputs;
  private final FloatPointer gradients;
  private final FloatPointer results;
  private final float[] plane;
  private final float[] gradient;

  /** Floats of a row with its margins in one phase. */
  private final int line;

  /** The input between margins by phases; behind each as much as the last tap reaches. */
  private final float[][] padded;

  /** What the gradient of {@link #padded} adds up to. */
  private final float[][] sums;

  /** Of each row's part of a window. */
  private final float[] rowMaxima;

  /** Gradients of {@link #rowMaxima}. */
  private final float[] rowSums;

  private final float[] shifted;
  private final float[] shiftedSums;
  private final float[] rowOfMaxima;
  private final float[] rowOfSums;
  private final float[] largest;
  private final float[] remaining;

  /**
   * @param outputGradient of the maxima, in the output's layout
   * @param inputGradient to be filled, in the input's layout
   */
  OverlappingMaxGradient(
      Window rows,
      Window columns,
      Tensor input,
      Tensor output,
      memory outputGradient,
      memory inputGradient) {
    this.rows = rows;
    this.columns = columns;
    inputRows = input.shape.height();
    inputLine = input.shape.width() * BLOCK;
    outputRows = output.shape.height();
    outputColumns = output.shape.width();
    plane = new float[inputRows * inputLine];
    gradient = new float[outputRows * outputColumns * BLOCK];
    planes = OneDnn.length(input.format) / plane.length;
    inputs = OneDnn.floats(input.value);
    gradients = OneDnn.floats(outputGradient);
    results = OneDnn.floats(inputGradient);
    int stride = columns.stride();
    int tail = (columns.kernel() - 1) / stride;
    int held = (columns.padding() + input.shape.width() + stride - 1) / stride;
    line = Math.max(outputColumns + tail, held) * BLOCK;
    padded = new float[stride][inputRows * line + tail * BLOCK];
    for (float[] phase : padded) {
      Arrays.fill(phase, MARGIN);
    }
    sums = new float[stride][inputRows * line + tail * BLOCK];
    rowMaxima = new float[inputRows * line];
    rowSums = new float[rowMaxima.length];
    shifted = new float[rowMaxima.length];
    shiftedSums = new float[rowMaxima.length];
    rowOfMaxima = new float[line];
    rowOfSums = new float[line];
    largest = new float[line];
    remaining = new float[line];
  }

  @Override
  public void run() {
    for (int i = 0; i < planes; i++) {
      inputs.position((long) i * plane.length).get(plane, 0, plane.length);
      gradients.position((long) i * gradient.length).get(gradient, 0, gradient.length);
      forEachRun(
          (at, phase, place, length) -> System.arraycopy(plane, at, padded[phase], place, length));
      findRowMaxima();
      giveToRows();
      giveToColumns();
      forEachRun(
          (at, phase, place, length) -> System.arraycopy(sums[phase], place, plane, at, length));
      results.position((long) i * plane.length).put(plane, 0, plane.length);
    }
  }

  /** Where floats of the plane that stay together lie in a phase. */
  @FunctionalInterface
  private interface Run {
    void at(int plane, int phase, int place, int length);
  }

  private void forEachRun(Run run) {
    int stride = columns.stride();
    int length = stride == 1 ? inputLine : BLOCK;
    for (int y = 0; y < inputRows; y++) {
      for (int x = 0; x < inputLine; x += length) {
        int column = x / BLOCK + columns.padding();
        run.at(y * inputLine + x, column % stride, y * line + column / stride * BLOCK, length);
      }
    }
  }

  private float[] phase(float[][] phases, int tap) {
    return phases[tap % columns.stride()];
  }

  private int shift(int tap) {
    return tap / columns.stride() * BLOCK;
  }

  private void findRowMaxima() {
    System.arraycopy(padded[0], 0, rowMaxima, 0, rowMaxima.length);
    for (int tap = 1; tap < columns.kernel(); tap++) {
      System.arraycopy(phase(padded, tap), shift(tap), shifted, 0, shifted.length);
      maximize(rowMaxima, shifted);
    }
  }

  /** Passes the gradients of windows to the first rows that hold their maxima. */
  private void giveToRows() {
    Arrays.fill(rowSums, 0);
    for (int row = 0; row < outputRows; row++) {
      int top = row * rows.stride() - rows.padding();
      int first = Math.max(0, top);
      int end = Math.min(inputRows, top + rows.kernel());
      System.arraycopy(rowMaxima, first * line, largest, 0, line);
      for (int y = first + 1; y < end; y++) {
        System.arraycopy(rowMaxima, y * line, rowOfMaxima, 0, line);
        maximize(largest, rowOfMaxima);
      }
      int given = outputColumns * BLOCK;
      System.arraycopy(gradient, row * given, remaining, 0, given);
      for (int y = first; y < end; y++) {
        System.arraycopy(rowMaxima, y * line, rowOfMaxima, 0, line);
        System.arraycopy(rowSums, y * line, rowOfSums, 0, line);
        give(rowOfMaxima, largest, remaining, rowOfSums);
        System.arraycopy(rowOfSums, 0, rowSums, y * line, line);
      }
    }
  }

  /** Passes the gradients of rows' maxima to the first columns that hold them. */
  private void giveToColumns() {
    for (float[] phase : sums) {
      Arrays.fill(phase, 0);
    }
    for (int tap = 0; tap < columns.kernel(); tap++) {
      float[] to = phase(sums, tap);
      System.arraycopy(phase(padded, tap), shift(tap), shifted, 0, shifted.length);
      System.arraycopy(to, shift(tap), shiftedSums, 0, shiftedSums.length);
      give(shifted, rowMaxima, rowSums, shiftedSums);
      System.arraycopy(shiftedSums, 0, to, shift(tap), shiftedSums.length);
    }
  }

  private static void maximize(float[] largest, float[] values) {
    for (int i = 0; i < largest.length; i++) {
      largest[i] = Math.max(largest[i], values[i]);
    }
  }

  /** Moves what remains to the sums wherever a value equals the maximum, without a branch. */
  private static void give(float[] values, float[] maxima, float[] remaining, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      float difference = values[i] - maxima[i];
      float smaller = difference / (difference - Float.MIN_NORMAL); // 1, or 0 if it is equal
      float kept = smaller * remaining[i];
      sums[i] += remaining[i] - kept;
      remaining[i] = kept;
    }
  }
}
