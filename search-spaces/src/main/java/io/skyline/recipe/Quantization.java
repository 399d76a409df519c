package io.skyline.recipe;

import java.util.Locale;

/** Stores, and for int8 computes, the network at a lower precision. */
public record Quantization(Precision precision) implements Step {
  /** How numbers are stored. */
  public enum Precision {
    /** Weights in 16 bits, arithmetic in 32. */
    FP16,
    /** Weights s8 per channel, activations u8, ranges from calibration data (static QDQ). */
    INT8;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The precision of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Precision of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public StepKind kind() {
    return StepKind.QUANTIZATION;
  }

  @Override
  public int epochs() {
    return 0;
  }

  @Override
  public String text() {
    return "quantization(" + precision.word() + ")";
  }
}
