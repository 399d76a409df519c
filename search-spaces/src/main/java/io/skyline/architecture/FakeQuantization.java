package io.skyline.architecture;

import java.util.List;

/**
 * Rounds each value to the nearest that a byte can stand for, those beyond the last bytes to the
 * last (Jacob et al. 2018, equation 12): the form in which a network trains that will compute on
 * bytes; nothing that is exported has it. Its gradient is taken as 1 where a value is rounded and
 * as 0 where it saturates (Bengio et al. 2013, section 4; Krishnamoorthi 2018, section 2.4).
 *
 * @param scale what lies between two bytes, positive
 * @param zero the byte that stands for zero, 0 to {@link #LEVELS}
 */
public record FakeQuantization(float scale, int zero) implements Layer {
  /** The largest byte. */
  public static final int LEVELS = 255;

  public FakeQuantization {
    if (!(scale > 0 && Float.isFinite(scale)) || zero < 0 || zero > LEVELS) {
      throw new InvalidArchitectureException(
          "needs a positive scale and a zero among the bytes, not " + scale + " and " + zero);
    }
  }

  /** The least number that a byte stands for. */
  public float low() {
    return -zero * scale;
  }

  /** The largest number that a byte stands for. */
  public float high() {
    return (LEVELS - zero) * scale;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Layer.only(inputs);
  }
}
