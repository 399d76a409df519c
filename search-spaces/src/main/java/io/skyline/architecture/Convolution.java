package io.skyline.architecture;

import java.util.ArrayList;
import java.util.List;

/**
 * A two-dimensional convolution with a square kernel and symmetric zero padding.
 *
 * @param outputs output channels
 * @param kernel kernel height and width
 * @param stride step of the window
 * @param padding zeros on every side
 * @param dilation distance between neighbouring taps of the kernel, 1 without gaps (Yu and Koltun
 *     2016); it covers {@code (kernel - 1) * dilation + 1} rows and columns
 * @param groups 1 for an ordinary convolution, the input's channels for a depthwise one
 * @param bias whether a bias is added; none before a batch normalization
 */
public record Convolution(
    int outputs, int kernel, int stride, int padding, int dilation, int groups, boolean bias)
    implements Layer {
  public Convolution {
    if (dilation < 1 || dilation > 1 << 12) {
      throw new InvalidArchitectureException("needs a dilation in [1, 4096], not " + dilation);
    }
    Window.check(covered(kernel, dilation), stride, padding);
    if (outputs < 1 || groups < 1 || outputs % groups != 0) {
      throw new InvalidArchitectureException(
          outputs + " output channels cannot be split into " + groups + " groups");
    }
  }

  /** A convolution without gaps in its kernel. */
  public Convolution(int outputs, int kernel, int stride, int padding, int groups, boolean bias) {
    this(outputs, kernel, stride, padding, 1, groups, bias);
  }

  /** An ordinary convolution that keeps the extent at stride 1, without bias. */
  public static Convolution same(int outputs, int kernel, int stride) {
    return new Convolution(outputs, kernel, stride, kernel / 2, 1, false);
  }

  /** A depthwise convolution over {@code channels} that keeps the extent at stride 1. */
  public static Convolution depthwise(int channels, int kernel, int stride) {
    return new Convolution(channels, kernel, stride, kernel / 2, channels, false);
  }

  /** A 1x1 convolution without bias. */
  public static Convolution pointwise(int outputs) {
    return new Convolution(outputs, 1, 1, 0, 1, false);
  }

  /** A convolution over {@code groups} that keeps the extent at stride 1, without bias. */
  public static Convolution grouped(int outputs, int kernel, int stride, int groups) {
    return new Convolution(outputs, kernel, stride, kernel / 2, groups, false);
  }

  /** A convolution with gaps in its odd kernel, which keeps the extent; without bias. */
  public static Convolution dilated(int outputs, int kernel, int dilation) {
    return new Convolution(outputs, kernel, 1, kernel / 2 * dilation, dilation, 1, false);
  }

  /** The same with other numbers of channels. */
  public Convolution over(int outputs, int groups) {
    return new Convolution(outputs, kernel, stride, padding, dilation, groups, bias);
  }

  /** The same with a bias. */
  public Convolution withBias() {
    return new Convolution(outputs, kernel, stride, padding, dilation, groups, true);
  }

  /** Rows, and columns, from the first tap of the kernel to the last. */
  public int covered() {
    return covered(kernel, dilation);
  }

  private static int covered(int kernel, int dilation) {
    return (int) Math.min((kernel - 1L) * dilation + 1, 1 << 30);
  }

  /** Whether each channel is convolved by itself. */
  public boolean isDepthwise() {
    return groups > 1 && groups == outputs;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    if (in.channels() % groups != 0) {
      throw new InvalidArchitectureException(
          in.channels() + " input channels cannot be split into " + groups + " groups");
    }
    return new Shape(
        outputs,
        Window.positions("height", in.height(), covered(), stride, padding),
        Window.positions("width", in.width(), covered(), stride, padding));
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    int perGroup = Layer.only(inputs).channels() / groups;
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.trained("kernel", outputs, perGroup, kernel, kernel));
    if (bias) {
      parameters.add(Parameter.trained("bias", outputs));
    }
    return parameters;
  }
}
