package io.skyline.architecture;

import java.util.List;

/**
 * Maximum or average over a window, square, one row high or one column wide; padding never counts
 * as a value.
 *
 * @param kind what is taken of a window
 * @param kernel places along each axis over which the window reaches
 * @param stride step of the window
 * @param padding positions outside the input on either side
 * @param form over which axes the window reaches
 */
public record Pooling(Kind kind, int kernel, int stride, int padding, Window.Form form)
    implements Layer {
  public Pooling {
    new Window(kernel, stride, padding, 1);
  }

  /** A pooling over square windows. */
  public Pooling(Kind kind, int kernel, int stride, int padding) {
    this(kind, kernel, stride, padding, Window.Form.SQUARE);
  }

  /** What is taken of a window. */
  public enum Kind {
    MAX,
    AVERAGE
  }

  /** The same with a window of another form. */
  public Pooling with(Window.Form other) {
    return new Pooling(kind, kernel, stride, padding, other);
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
    return new Window(kernel, stride, padding, 1);
  }

  /** Places of a window. */
  public int taps() {
    return rows().kernel() * columns().kernel();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    return new Shape(
        in.channels(),
        rows().positions("height", in.height()),
        columns().positions("width", in.width()));
  }
}
