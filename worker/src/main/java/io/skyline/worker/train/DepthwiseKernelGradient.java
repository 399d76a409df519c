package io.skyline.worker.train;

import io.skyline.architecture.Convolution;
import java.util.Arrays;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel gradient of a depthwise convolution for kernel sizes where oneDNN has reference code
 * only, in plain loops over the blocked layout.
 *
 * <p>The JIT compiler vectorizes products of whole arrays only, without offsets. So for each
 * horizontal tap the input rows are copied, shifted and thinned by the stride, to arrays that lie
 * against the rows of the output's gradient.
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
  private final float[] gradientPlane;

  /** For each horizontal tap and padded input row, the values that meet an output row. */
  private final float[][][] shifted;

  /** The output's gradient by row, with a row of zeros after an odd last one. */
  private final float[][] gradientRows;

  /** For each tap, sums that are still apart by column. */
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
    batch = Math.toIntExact(input.format.dims().get(0));
    inputs = OneDnn.floats(input.value);
    outputGradients = OneDnn.floats(outputGradient);
    this.kernelGradient = OneDnn.floats(kernelGradient);
    this.biasGradient = biasGradient == null ? null : OneDnn.floats(biasGradient);
    int length = columns * BLOCK;
    int evenRows = rows + rows % 2;
    plane = new float[height * width * BLOCK];
    gradientPlane = new float[rows * length];
    int paddedRows = Math.max(height + padding, (evenRows - 1) * stride + kernel);
    shifted = new float[kernel][paddedRows][length];
    gradientRows = new float[evenRows][length];
    sums = new float[kernel * kernel][length];
    biasSums = new float[length];
    result = new float[blocks * kernel * kernel * BLOCK];
    biasResult = new float[blocks * BLOCK];
    if (result.length != this.kernelGradient.limit()) {
      throw new IllegalStateException("a depthwise kernel that is not in blocks of channels");
    }
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
        layOut();
        accumulate();
      }
      reduce(block);
    }
    kernelGradient.put(result, 0, result.length);
    if (biasGradient != null) {
      biasGradient.put(biasResult, 0, Math.toIntExact(biasGradient.limit()));
    }
  }

  private void layOut() {
    for (int kx = 0; kx < kernel; kx++) {
      // Columns c whose input column c * stride + kx - padding exists.
      int first = Math.max(0, (padding - kx + stride - 1) / stride);
      int last = Math.min(columns - 1, Math.floorDiv(width - 1 + padding - kx, stride));
      if (first > last) {
        continue;
      }
      for (int y = 0; y < height; y++) {
        float[] row = shifted[kx][y + padding];
        int from = (y * width + first * stride + kx - padding) * BLOCK;
        if (stride == 1) {
          System.arraycopy(plane, from, row, first * BLOCK, (last - first + 1) * BLOCK);
          continue;
        }
        for (int column = first; column <= last; column++) {
          System.arraycopy(plane, from, row, column * BLOCK, BLOCK);
          from += stride * BLOCK;
        }
      }
    }
    int length = columns * BLOCK;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(gradientPlane, row * length, gradientRows[row], 0, length);
    }
  }

  private void accumulate() {
    for (int ky = 0; ky < kernel; ky++) {
      for (int kx = 0; kx < kernel; kx++) {
        float[] sum = sums[ky * kernel + kx];
        for (int row = 0; row < rows; row += 2) {
          addProducts(
              sum,
              shifted[kx][row * stride + ky],
              gradientRows[row],
              shifted[kx][(row + 1) * stride + ky],
              gradientRows[row + 1]);
        }
      }
    }
    if (biasGradient != null) {
      for (int row = 0; row < rows; row++) {
        add(biasSums, gradientRows[row]);
      }
    }
  }

  private static void addProducts(float[] sum, float[] a, float[] b, float[] c, float[] d) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += a[i] * b[i] + c[i] * d[i];
    }
  }

  private static void add(float[] sum, float[] a) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += a[i];
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
