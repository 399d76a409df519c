package io.skyline.cost;

import io.skyline.architecture.Glimpse;
import io.skyline.architecture.Layer;
import io.skyline.architecture.SoftArgmax;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Recipe;

/** How a deployed network stores its numbers, in bytes a number. */
public enum Storage {
  /** Everything in 32 bits. */
  FP32(4, 4, 0, 4),
  /** Kernels and biases in 16 bits; arithmetic, and so activations, in 32. */
  FP16(2, 2, 0, 4),
  /** Kernels s8 with one float32 scale an output channel, biases int32, activations u8. */
  INT8(1, 4, 4, 1),
  /** Kernels s8 with one float32 scale an output channel; everything else in 32 bits. */
  INTEGER_WEIGHTS(1, 4, 4, 4);

  private final int kernel;
  private final int bias;
  private final int scale;
  private final int activation;

  Storage(int kernel, int bias, int scale, int activation) {
    this.kernel = kernel;
    this.bias = bias;
    this.scale = scale;
    this.activation = activation;
  }

  /** The storage that a recipe ends in, of most layers. */
  public static Storage of(Recipe recipe) {
    return recipe.quantization().map(step -> of(step.precision())).orElse(FP32);
  }

  private static Storage of(Precision precision) {
    return switch (precision) {
      case FP16 -> FP16;
      case INT8 -> INT8;
      case INT8_DYNAMIC, INT8_WEIGHTS, INT4, TERNARY, BINARY, MIXED, XNOR -> INTEGER_WEIGHTS;
      case MANTISSA -> FP32;
    };
  }

  /** Bytes of one number of a kernel. */
  public int kernelBytes() {
    return kernel;
  }

  /** Bytes of one number of a bias, or of the scale and shift of a batch normalization. */
  public int biasBytes() {
    return bias;
  }

  /** Bytes of quantization scales an output channel of a convolution or dense layer. */
  public int scaleBytes() {
    return scale;
  }

  /** Bytes of one activation; the input is always 4, since models take float32 pixels. */
  public int activationBytes() {
    return activation;
  }

  /** Bytes of one number of what a layer gives. */
  int activationBytes(Layer layer) {
    return staysFloat(layer) ? Float.BYTES : activation;
  }

  /** What says where to look, and looks there, is exact only in floats. */
  static boolean staysFloat(Layer layer) {
    return layer instanceof SoftArgmax || layer instanceof Glimpse;
  }
}
