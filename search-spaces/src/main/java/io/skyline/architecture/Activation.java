package io.skyline.architecture;

import java.util.List;

/** An elementwise non-linearity. */
public record Activation(Function function) implements Layer {
  /** The functions that every engine and exporter knows. */
  public enum Function {
    /** max(x, 0). */
    RELU,
    /** min(max(x, 0), 6). */
    RELU6
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Layer.only(inputs);
  }
}
