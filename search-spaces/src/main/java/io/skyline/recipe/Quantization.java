package io.skyline.recipe;

import java.util.Locale;

/** Stores, and for int8 computes, the network at a lower precision. */
public record Quantization(Precision precision) implements Step {
  /** How numbers are stored. */
  public enum Precision {
    /** Weights in 16 bits, arithmetic in 32. */
    FP16,
    /** Weights s8 per channel, activations u8, ranges from calibration data (static QDQ). */
    INT8
  }

  @Override
  public String text() {
    return "quantization(" + precision.name().toLowerCase(Locale.ROOT) + ")";
  }
}
