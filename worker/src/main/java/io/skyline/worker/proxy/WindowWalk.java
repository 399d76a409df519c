package io.skyline.worker.proxy;

import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;

/**
 * Which input positions the taps of sliding windows meet; padding is left out.
 *
 * @param rows the window along the height
 * @param columns the window along the width
 */
record WindowWalk(Window rows, Window columns, Shape in, Shape out) {
  /** Takes a place of the input and the place of the output whose window meets it. */
  @FunctionalInterface
  interface Meeting {
    void at(int from, int to);
  }

  int taps() {
    return rows.kernel() * columns.kernel();
  }

  /**
   * Moves one tap over a channel of the input.
   *
   * @param tap row by row
   * @param output channel that the windows belong to
   */
  void over(int tap, int input, int output, Meeting meeting) {
    int down = tap / columns.kernel() * rows.dilation() - rows.padding();
    int right = tap % columns.kernel() * columns.dilation() - columns.padding();
    for (int row = 0; row < out.height(); row++) {
      int y = row * rows.stride() + down;
      if (y < 0 || y >= in.height()) {
        continue;
      }
      int to = (output * out.height() + row) * out.width();
      int from = (input * in.height() + y) * in.width();
      for (int column = 0; column < out.width(); column++) {
        int x = column * columns.stride() + right;
        if (x >= 0 && x < in.width()) {
          meeting.at(from + x, to + column);
        }
      }
    }
  }
}
