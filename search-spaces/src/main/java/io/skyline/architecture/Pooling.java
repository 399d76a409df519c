package io.skyline.architecture;

import java.util.List;

/**
 * Maximum or average over a square window; padding never counts as a value.
 *
 * @param kind what is taken of a window
 * @param kernel window height and width
 * @param stride step of the window
 * @param padding positions outside the input on every side
 */
public record Pooling(Kind kind, int kernel, int stride, int padding) implements Layer {
  public Pooling {
    Window.check(kernel, stride, padding);
  }

  /** What is taken of a window. */
  public enum Kind {
    MAX,
    AVERAGE
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    return new Shape(
        in.channels(),
        Window.positions("height", in.height(), kernel, stride, padding),
        Window.positions("width", in.width(), kernel, stride, padding));
  }
}
