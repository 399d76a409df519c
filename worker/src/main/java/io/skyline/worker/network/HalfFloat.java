package io.skyline.worker.network;

/** IEEE 754 binary16 from binary32; Java has no conversion before release 20. */
public final class HalfFloat {
  private static final float LARGEST = 65504f;

  private HalfFloat() {}

  /** The number that is left of a value stored in half precision. */
  public static float round(float value) {
    return toFloat(of(value));
  }

  /** The nearest half-precision number, ties to even; beyond the range the largest one. */
  public static short of(float value) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("cannot store a weight that is not a number");
    }
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float magnitude = Math.min(Math.abs(value), LARGEST);
    if (magnitude < 0x1p-14f) {
      // below the smallest normal number the spacing is 2^-24
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int bits = Float.floatToRawIntBits(magnitude);
    int exponent = (bits >>> 23) - 127 + 15;
    int fraction = bits & 0x7fffff;
    int half = exponent << 10 | fraction >>> 13;
    int rest = fraction & 0x1fff;
    // a carry out of the fraction steps to the next exponent, as it should
    if (rest > 0x1000 || rest == 0x1000 && (half & 1) == 1) {
      half++;
    }
    return (short) (sign | half);
  }

  /** The exact value of a half-precision number. */
  public static float toFloat(short half) {
    int exponent = half >>> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude =
        exponent == 0 ? fraction * 0x1p-24f : Math.scalb(1f + fraction * 0x1p-10f, exponent - 15);
    return half < 0 ? -magnitude : magnitude;
  }
}
