package io.skyline.architecture;

/** The arithmetic of a sliding window along one axis. */
final class Window {
  private Window() {}

  /** Positions of the window: floor((extent + 2 padding - kernel) / stride) + 1. */
  static int positions(String axis, int extent, int kernel, int stride, int padding) {
    int room = extent + 2 * padding - kernel;
    if (room < 0) {
      throw new InvalidArchitectureException(
          "a window of "
              + kernel
              + " does not fit a padded "
              + axis
              + " of "
              + (extent + 2 * padding));
    }
    return room / stride + 1;
  }

  /**
   * @param kernel the extent it covers, gaps of a dilation included
   */
  static void check(int kernel, int stride, int padding) {
    if (kernel < 1 || stride < 1 || padding < 0 || padding >= kernel) {
      throw new InvalidArchitectureException(
          "needs kernel >= 1, stride >= 1 and 0 <= padding < kernel, not kernel "
              + kernel
              + ", stride "
              + stride
              + ", padding "
              + padding);
    }
  }
}
