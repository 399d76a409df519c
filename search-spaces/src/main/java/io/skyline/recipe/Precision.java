package io.skyline.recipe;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How a quantized network stores its numbers, and computes. */
public enum Precision {
  /** Weights in 16 bits, arithmetic in 32. */
  FP16,
  /** Weights s8 per channel, activations u8, ranges from calibration data (static QDQ). */
  INT8,
  /**
   * Dense layers on bytes whose range is taken of each batch as it comes, convolutions' weights s8
   * and their arithmetic in float32.
   */
  INT8_DYNAMIC,
  /** Weights s8 per channel, arithmetic in float32. */
  INT8_WEIGHTS,
  /** Weights of 4 bits, arithmetic in float32. */
  INT4,
  /** Weights of three values, arithmetic in float32. */
  TERNARY,
  /** Weights of two values, arithmetic in float32. */
  BINARY,
  /** Weights of each part of the network on a grid of its own, arithmetic in float32. */
  MIXED,
  /**
   * Weights and inputs of two values in all layers but the first and the last (Rastegari et al.
   * 2016, XNOR-Net).
   */
  XNOR,
  /** Float32 weights of few mantissa bits, which a lossless coder packs better. */
  MANTISSA;

  /** The word in configs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The words of all. */
  public static List<String> words() {
    return Stream.of(values()).map(Precision::word).toList();
  }

  /**
   * The precision of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Precision of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The grid of most layers' weights; empty if there is none, or one a part. */
  public Optional<WeightGrid> grid() {
    return switch (this) {
      case FP16, MANTISSA, MIXED -> Optional.empty();
      case INT8 -> Optional.of(WeightGrid.INT8_NARROW);
      case INT8_DYNAMIC, INT8_WEIGHTS -> Optional.of(WeightGrid.INT8);
      case INT4 -> Optional.of(WeightGrid.INT4);
      case TERNARY -> Optional.of(WeightGrid.TERNARY);
      case BINARY, XNOR -> Optional.of(WeightGrid.BINARY);
    };
  }

  /** Whether weights lie on grids, so that training can be aware of them. */
  public boolean hasGrids() {
    return this != FP16 && this != MANTISSA;
  }

  /** Whether layers compute in float32 on weights of any grid, so that some may have another. */
  public boolean isOfWeights() {
    return hasGrids() && this != INT8 && this != INT8_DYNAMIC;
  }
}
