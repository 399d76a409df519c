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
 * @param groups 1 for an ordinary convolution, the input's channels for a depthwise one
 * @param bias whether a bias is added; none before a batch normalization
 */
public record Convolution(
    int outputs, int kernel, int stride, int padding, int groups, boolean bias) implements Layer {
  public Convolution {
    Window.check(kernel, stride, padding);
    if (outputs < 1 || groups < 1 || outputs % groups != 0) {
      throw new InvalidArchitectureException(
          outputs + " output channels cannot be split into " + groups + " groups");
    }
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
        Window.positions("height", in.height(), kernel, stride, padding),
        Window.positions("width", in.width(), kernel, stride, padding));
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
