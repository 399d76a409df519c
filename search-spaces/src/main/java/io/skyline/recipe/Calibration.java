package io.skyline.recipe;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How the range of an activation's bytes follows from its values on calibration data. */
public enum Calibration {
  /** From the least to the largest. */
  MIN_MAX,
  /** Magnitudes beyond those of 99.9 % of the values saturate. */
  PERCENTILE_99_9,
  /** Magnitudes beyond those of 99.99 % of the values saturate. */
  PERCENTILE_99_99,
  /**
   * Magnitudes saturate where that loses least information (Migacz 2017, "8-bit Inference with
   * TensorRT").
   */
  KL_DIVERGENCE;

  /** The word in configs: {@code percentile-99.9}. */
  public String word() {
    String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    return word.replace("99-", "99.");
  }

  /** The words of all. */
  public static List<String> words() {
    return Stream.of(values()).map(Calibration::word).toList();
  }

  /**
   * The calibration of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Calibration of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_'));
  }
}
