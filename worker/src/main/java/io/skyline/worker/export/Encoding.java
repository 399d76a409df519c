package io.skyline.worker.export;

import java.util.Map;
import java.util.Set;

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
   * Kernels as int8, whole multiples of one float32 scale an output channel; biases and arithmetic
   * in float32.
   *
   * @param limits the largest magnitude of the integers of each layer's kernel, by name; layers
   *     without one keep a float32 kernel
   * @param dynamic dense layers among them that multiply bytes: the range of their input's is taken
   *     of each batch as it comes
   */
  record IntegerWeights(Map<String, Integer> limits, Set<String> dynamic) implements Encoding {
    public IntegerWeights {
      limits = Map.copyOf(limits);
      dynamic = Set.copyOf(dynamic);
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
