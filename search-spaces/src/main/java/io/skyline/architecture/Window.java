package io.skyline.architecture;

/**
 * A sliding window along one axis.
 *
 * @param kernel taps
 * @param stride step of the window
 * @param padding positions outside the input on either side
 * @param dilation distance between neighbouring taps, 1 without gaps
 */
public record Window(int kernel, int stride, int padding, int dilation) {
  private static final Window POINT = new Window(1, 1, 0, 1);

  public Window {
    if (dilation < 1 || dilation > 1 << 12) {
      throw new InvalidArchitectureException("needs a dilation in [1, 4096], not " + dilation);
    }
    int covered = covered(kernel, dilation);
    if (covered < 1 || stride < 1 || padding < 0 || padding >= covered) {
      throw new InvalidArchitectureException(
          "needs kernel >= 1, stride >= 1 and 0 <= padding < what the kernel covers, not kernel "
              + kernel
              + ", dilation "
              + dilation
              + ", stride "
              + stride
              + ", padding "
              + padding);
    }
  }

  /** Over which axes a layer's window reaches. */
  public enum Form {
    /** As many rows as columns, as images want it. */
    SQUARE,
    /** Columns of one row, as signals want it, whose shape is channels x 1 x length. */
    ROW,
    /** Rows of one column, as one of the two factors of a square window reads them. */
    COLUMN;

    /** The part along the height of a layer's window. */
    Window rows(Window window) {
      return this == ROW ? POINT : window;
    }

    /** The part along the width of a layer's window. */
    Window columns(Window window) {
      return this == COLUMN ? POINT : window;
    }
  }

  /** Places from the first tap to the last, gaps included. */
  public int covered() {
    return covered(kernel, dilation);
  }

  private static int covered(int kernel, int dilation) {
    return (int) Math.min((kernel - 1L) * dilation + 1, 1 << 30);
  }

  /** Positions of the window: floor((extent + 2 padding - covered) / stride) + 1. */
  int positions(String axis, int extent) {
    int room = extent + 2 * padding - covered();
    if (room < 0) {
      throw new InvalidArchitectureException(
          "a window of "
              + covered()
              + " does not fit a padded "
              + axis
              + " of "
              + (extent + 2 * padding));
    }
    return room / stride + 1;
  }

  /** By how much the last of some windows exceeds the input; negative if it stops short. */
  public int after(int extent, int positions) {
    return (positions - 1) * stride + covered() - extent - padding;
  }
}
