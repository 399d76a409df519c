package io.skyline.worker.train;

import io.skyline.architecture.Convolution;
import java.util.Arrays;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel gradient of a depthwise convolution for kernel sizes where oneDNN has reference code
 * only: plain loops over rows of the blocked layout, which the JIT compiler vectorizes.
 *
 * <p>Each input row is first split by column phase modulo the stride, so that every product runs
 * over contiguous numbers.
 */
final class DepthwiseKernelGradient implements Runnable {
  private static final int BLOCK = OneDnn.BLOCK;

  private final int kernel;
  private final int stride;
  private final int padding;
  private final int blocks;
  private final int batch;
  private final int height;
  private final int width;
  private final int rows;
  private final int columns;
  private final FloatPointer inputs;
  private final FloatPointer outputGradients;
  private final FloatPointer kernelGradient;
  private final @Nullable FloatPointer biasGradient;
  private final float[] plane;
  private final float[] padded;
  private final float[] gradientPlane;
  private final float[][] sums;
  private final float[] biasSums;
  private final float[] result;
  private final float[] biasResult;

  DepthwiseKernelGradient(
      Convolution convolution,
      Tensor input,
      Tensor output,
      memory outputGradient,
      memory kernelGradient,
      @Nullable memory biasGradient) {
    kernel = convolution.kernel();
    stride = convolution.stride();
    padding = convolution.padding();
    height = input.shape.height();
    width = input.shape.width();
    rows = output.shape.height();
    columns = output.shape.width();
    blocks = (input.shape.channels() + BLOCK - 1) / BLOCK;
    batch = (int) input.desc.dims().get(0);
    inputs = OneDnn.floats(input.value);
    outputGradients = OneDnn.floats(outputGradient);
    this.kernelGradient = OneDnn.floats(kernelGradient);
    this.biasGradient = biasGradient == null ? null : OneDnn.floats(biasGradient);
    plane = new float[height * width * BLOCK];
    padded = new float[paddedRows() * stride * phaseWidth() * BLOCK];
    gradientPlane = new float[rows * columns * BLOCK];
    sums = new float[kernel * kernel][columns * BLOCK];
    biasSums = new float[columns * BLOCK];
    result = new float[blocks * kernel * kernel * BLOCK];
    biasResult = new float[blocks * BLOCK];
  }

  private int paddedRows() {
    return Math.max(height + padding, (rows - 1) * stride + kernel);
  }

  /** Columns of one phase of a padded row. */
  private int phaseWidth() {
    int width = Math.max(this.width + padding, (columns - 1) * stride + kernel);
    return (width + stride - 1) / stride;
  }

  @Override
  public void run() {
    for (int block = 0; block < blocks; block++) {
      for (float[] sum : sums) {
        Arrays.fill(sum, 0f);
      }
      Arrays.fill(biasSums, 0f);
      for (int example = 0; example < batch; example++) {
        long index = (long) example * blocks + block;
        inputs.position(index * plane.length).get(plane, 0, plane.length);
        outputGradients
            .position(index * gradientPlane.length)
            .get(gradientPlane, 0, gradientPlane.length);
        splitByPhase();
        accumulate();
      }
      reduce(block);
    }
    kernelGradient.put(result, 0, result.length);
    if (biasGradient != null) {
      biasGradient.put(biasResult, 0, Math.toIntExact(biasGradient.limit()));
    }
  }

  private void splitByPhase() {
    int phaseWidth = phaseWidth();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = x + padding;
        int to =
            (((y + padding) * stride + column % stride) * phaseWidth + column / stride) * BLOCK;
        System.arraycopy(plane, (y * width + x) * BLOCK, padded, to, BLOCK);
      }
    }
  }

  private void accumulate() {
    int phaseWidth = phaseWidth();
    int length = columns * BLOCK;
    for (int row = 0; row < rows; row++) {
      int gradientAt = row * length;
      for (int ky = 0; ky < kernel; ky++) {
        int phases = (row * stride + ky) * stride;
        for (int kx = 0; kx < kernel; kx++) {
          int inputAt = ((phases + kx % stride) * phaseWidth + kx / stride) * BLOCK;
          addProduct(sums[ky * kernel + kx], padded, inputAt, gradientPlane, gradientAt, length);
        }
      }
      if (biasGradient != null) {
        add(biasSums, gradientPlane, gradientAt, length);
      }
    }
  }

  private static void addProduct(
      float[] sum, float[] a, int aFrom, float[] b, int bFrom, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] += a[aFrom + i] * b[bFrom + i];
    }
  }

  private static void add(float[] sum, float[] a, int from, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] += a[from + i];
    }
  }

  private void reduce(int block) {
    for (int tap = 0; tap < sums.length; tap++) {
      reduce(sums[tap], result, (block * sums.length + tap) * BLOCK);
    }
    reduce(biasSums, biasResult, block * BLOCK);
  }

  private void reduce(float[] sum, float[] into, int at) {
    for (int channel = 0; channel < BLOCK; channel++) {
      double total = 0;
      for (int column = 0; column < columns; column++) {
        total += sum[column * BLOCK + channel];
      }
      into[at + channel] = (float) total;
    }
  }
}
