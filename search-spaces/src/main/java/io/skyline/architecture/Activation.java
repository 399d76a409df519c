package io.skyline.architecture;

import java.util.List;

/** An elementwise non-linearity. */
public record Activation(Function function) implements Layer {
  /** The functions that every engine and exporter knows. */
  public enum Function {
    /** max(x, 0). */
    RELU,
    /** min(max(x, 0), 6). */
    RELU6,
    /** x * min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, MobileNetV3). */
    HARD_SWISH,
    /** min(max(x + 3, 0), 6) / 6. */
    HARD_SIGMOID,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /**
     * -1, 0 or 1; in training its gradient is taken as 1 where |x| is at most 1 (Hubara et al.
     * 2016, "Binarized Neural Networks", equation 4).
     */
    SIGN,
    /** max(x, -x). */
    ABS;

    /** The function of a number. */
    public double of(double x) {
      return switch (this) {
        case RELU -> Math.max(x, 0);
        case RELU6 -> Math.min(Math.max(x, 0), 6);
        case HARD_SWISH -> x * HARD_SIGMOID.of(x);
        case HARD_SIGMOID -> Math.min(Math.max(x + 3, 0), 6) / 6;
        case SIGMOID -> 1 / (1 + Math.exp(-x));
        case SIGN -> Math.signum(x);
        case ABS -> Math.abs(x);
      };
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Layer.only(inputs);
  }
}
