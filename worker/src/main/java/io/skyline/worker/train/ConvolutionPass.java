package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_winograd;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Window;
import org.bytedeco.dnnl.primitive_desc;

/**
 * A pass of a convolution in training, and whether it is computed by Winograd's F(4x4, 3x3), which
 * has a quarter of the products (Lavin and Gray 2016, section 4.3): where the processor has AVX-512
 * and there are channels enough that the transforms cost less than the products they save.
 */
enum ConvolutionPass {
  FORWARD(32),
  INPUT_GRADIENT(32),
  KERNEL_GRADIENT(64);

  /** What describes a pass to oneDNN. */
  @FunctionalInterface
  interface Description<T extends primitive_desc> {
    /**
     * The pass by one of oneDNN's algorithms.
     *
     * @param mayBeMissing whether an algorithm that cannot do it gives an empty description instead
     *     of an exception
     */
    T by(int algorithm, boolean mayBeMissing);
  }

  private static final int VECTOR = 16;

  /** The fewest input and output channels with which Winograd measures faster than direct. */
  private final int channels;

  ConvolutionPass(int channels) {
    this.channels = channels;
  }

  /**
   * The pass described by its fastest algorithm.
   *
   * @param inputs the input's channels
   */
  <T extends primitive_desc> T fastest(
      Convolution convolution, int inputs, Description<T> description) {
    if (suits(convolution, inputs)) {
      T winograd = description.by(dnnl_convolution_winograd, true);
      if (winograd.get(true) != null) {
        return winograd;
      }
    }
    return direct(description);
  }

  static <T extends primitive_desc> T direct(Description<T> description) {
    return description.by(dnnl_convolution_direct, false);
  }

  private boolean suits(Convolution convolution, int inputs) {
    return OneDnn.BLOCK == VECTOR
        && convolution.groups() == 1
        && suits(convolution.rows())
        && suits(convolution.columns())
        && suits(inputs)
        && suits(convolution.outputs());
  }

  private static boolean suits(Window window) {
    return window.kernel() == 3
        && window.stride() == 1
        && window.dilation() == 1
        && window.padding() <= 1;
  }

  private boolean suits(int count) {
    return count >= channels && count % VECTOR == 0;
  }
}
