package io.skyline.worker.export;

import java.util.Map;

/** How the numbers of an exported network are stored and computed. */
public sealed interface Encoding {
  /** Weights and arithmetic in 32 bits. */
  Encoding FLOAT32 = new Float32();

  /** Weights in 16 bits, arithmetic in 32. */
  Encoding FLOAT16 = new Float16();

  /** Everything as trained. */
  record Float32() implements Encoding {}

  /**
   * Kernels and biases as IEEE half precision, each behind a Cast to float32 that the runtime folds
   * when it loads the model; values beyond half precision's range saturate.
   */
  record Float16() implements Encoding {}

  /**
   * Static quantization: activations u8 asymmetric per tensor, kernels s8 symmetric per output
   * channel in [-63, 63], biases int32, written as QuantizeLinear / DequantizeLinear pairs. The
   * kernels' short range keeps the runtime's int16 sums from saturating on AVX2.
   *
   * @param ranges of the values of {@link io.skyline.architecture.Architecture#INPUT} (normalised)
   *     and of every node, by name
   */
  record Int8(Map<String, Range> ranges) implements Encoding {
    /** The largest magnitude of a kernel's integers. */
    public static final int KERNEL_LIMIT = 63;

    public Int8 {
      ranges = Map.copyOf(ranges);
    }
  }

  /**
   * The interval that a tensor's values are expected in.
   *
   * @param low finite, at most {@code high}
   * @param high finite
   */
  record Range(float low, float high) {
    public Range {
      if (!(Float.isFinite(low) && Float.isFinite(high) && low <= high)) {
        throw new IllegalArgumentException("not a range of values: " + low + " to " + high);
      }
    }

    /** The smallest range that holds both. */
    public Range and(Range other) {
      return new Range(Math.min(low, other.low), Math.max(high, other.high));
    }
  }
}
