package io.skyline.architecture;

import java.util.ArrayList;
import java.util.List;

/**
 * A two-dimensional convolution with symmetric zero padding, whose kernel is square, one row high
 * or one column wide.
 *
 * @param outputs output channels
 * @param kernel taps along each axis over which the window reaches
 * @param stride step of the window
 * @param padding zeros on either side
 * @param dilation distance between neighbouring taps of the kernel, 1 without gaps (Yu and Koltun
 *     2016); it covers {@code (kernel - 1) * dilation + 1} places
 * @param groups 1 for an ordinary convolution, the input's channels for a depthwise one
 * @param bias whether a bias is added; none before a batch normalization
 * @param form over which axes the window reaches
 */
public record Convolution(
    int outputs,
    int kernel,
    int stride,
    int padding,
    int dilation,
    int groups,
    boolean bias,
    Window.Form form)
    implements Layer {
  public Convolution {
    new Window(kernel, stride, padding, dilation);
    if (outputs < 1 || groups < 1 || outputs % groups != 0) {
      throw new InvalidArchitectureException(
          outputs + " output channels cannot be split into " + groups + " groups");
    }
  }

  /** A convolution with a square kernel. */
  public Convolution(
      int outputs, int kernel, int stride, int padding, int dilation, int groups, boolean bias) {
    this(outputs, kernel, stride, padding, dilation, groups, bias, Window.Form.SQUARE);
  }

  /** A convolution with a square kernel without gaps. */
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
    return new Convolution(outputs, kernel, stride, padding, dilation, groups, bias, form);
  }

  /** The same with a bias. */
  public Convolution withBias() {
    return new Convolution(outputs, kernel, stride, padding, dilation, groups, true, form);
  }

  /** The same without a bias. */
  public Convolution withoutBias() {
    return new Convolution(outputs, kernel, stride, padding, dilation, groups, false, form);
  }

  /** The same with a window of another form. */
  public Convolution with(Window.Form other) {
    return new Convolution(outputs, kernel, stride, padding, dilation, groups, bias, other);
  }

  /** The window along the height. */
  public Window rows() {
    return form.rows(window());
  }

  /** The window along the width. */
  public Window columns() {
    return form.columns(window());
  }

  private Window window() {
    return new Window(kernel, stride, padding, dilation);
  }

  /** Numbers of the kernel for each input and output channel. */
  public int taps() {
    return rows().kernel() * columns().kernel();
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
        outputs, rows().positions("height", in.height()), columns().positions("width", in.width()));
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    int perGroup = Layer.only(inputs).channels() / groups;
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(
        Parameter.trained("kernel", outputs, perGroup, rows().kernel(), columns().kernel()));
    if (bias) {
      parameters.add(Parameter.trained("bias", outputs));
    }
    return parameters;
  }
}
