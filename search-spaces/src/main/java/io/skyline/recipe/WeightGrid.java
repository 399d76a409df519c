package io.skyline.recipe;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The numbers that the weights of a layer may be: whole multiples, up to a limit either way, of one
 * scale an output channel.
 */
public enum WeightGrid {
  /** Any float32. */
  FP32(0),
  /** Eight bits. */
  INT8(127),
  /**
   * Eight bits of which half are used: products with bytes, two at a time, do not saturate the
   * int16 sums of AVX2.
   */
  INT8_NARROW(63),
  /** Four bits. */
  INT4(7),
  /** Three numbers (Li et al. 2016, "Ternary Weight Networks"). */
  TERNARY(1),
  /** Two numbers (Courbariaux et al. 2015, BinaryConnect; Rastegari et al. 2016, section 3.1). */
  BINARY(1);

  private final int limit;

  WeightGrid(int limit) {
    this.limit = limit;
  }

  /** The largest multiple; 0 where there is no grid. */
  public int limit() {
    return limit;
  }

  /** The word in configs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The words that configs may use. */
  public static List<String> words() {
    return Stream.of(values()).filter(g -> g != INT8_NARROW).map(WeightGrid::word).toList();
  }

  /**
   * The grid of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static WeightGrid of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
