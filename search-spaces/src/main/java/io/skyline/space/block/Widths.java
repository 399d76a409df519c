package io.skyline.space.block;

/**
 * Numbers of channels that suit the blocked layouts of inference engines: multiples of eight where
 * there are enough.
 */
public final class Widths {
  private static final int STEP = 8;

  private Widths() {}

  /** The multiple of eight nearest to a width, at least eight. */
  public static int eights(double width) {
    return STEP * (int) Math.max(1, Math.round(width / STEP));
  }

  /** The smaller part of a width split into two alike, in eights from sixteen on. */
  public static int half(int width) {
    return width >= 2 * STEP ? width / (2 * STEP) * STEP : width / 2;
  }
}
