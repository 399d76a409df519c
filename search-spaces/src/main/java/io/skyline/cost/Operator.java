package io.skyline.cost;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * One operator that a runtime executes, by the amounts of work that its time depends on.
 *
 * @param kind operators of one kind run the same code, which is never faster for more of any amount
 * @param work amounts above zero; {@link Work#CALLS} is always 1
 */
public record Operator(Kind kind, Map<Work, Double> work) {
  public Operator {
    EnumMap<Work, Double> copy = new EnumMap<>(Work.class);
    work.forEach(
        (amount, value) -> {
          if (!(value >= 0)) {
            throw new IllegalArgumentException(kind + " has " + value + " " + amount);
          }
          if (value > 0) {
            copy.put(amount, value);
          }
        });
    copy.put(Work.CALLS, 1.0);
    work = Collections.unmodifiableMap(copy);
  }

  /** What the time of an operator is made of. */
  public enum Work {
    /** Dispatch and set-up. */
    CALLS,
    /** Multiply-accumulates or, of a pooling, comparisons; those on padded channels included. */
    MACS,
    /** Those of them at columns whose window overlaps the padding, which run one by one. */
    EDGE_MACS,
    /** Calls of the inner kernel: rows of output, over blocks of channels. */
    STRIPS,
    /** Values read. */
    READS,
    /** Values written. */
    WRITES,
    /** Numbers of the kernel. */
    WEIGHTS;

    /** The word in profiles: {@code edge_macs}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Which code runs. Convolutions in floats run over blocks of channels where these allow it
   * (Georganas et al. 2018, "Anatomy of High-Performance Deep Learning Convolutions on SIMD
   * Architectures"); {@code PLAIN} is the code for all others.
   */
  public enum Kind {
    /** What a run takes before and after its operators. */
    RUN(true),
    /** Normalising a single channel of raw values. */
    INPUT(true),
    /** Normalising several channels, each by its own mean and deviation. */
    INPUT_CHANNELS(true),
    CONVOLUTION(true),
    /** Of fewer channels than a block: read as they are. */
    CONVOLUTION_DIRECT(true),
    CONVOLUTION_PLAIN(false),
    /** Windows of one row. */
    ROW(true),
    ROW_PLAIN(false),
    POINTWISE(true),
    DEPTHWISE(true),
    DEPTHWISE_PLAIN(false),
    GROUPED(true),
    GROUPED_PLAIN(false),
    DENSE(true),
    BATCH_NORM(true),
    RELU(true),
    SIGMOID(true),
    HARD_SWISH(true),
    ADD(true),
    /** An addition into which a convolution accumulates. */
    ADD_FUSED(false),
    GATE_CHANNELS(true),
    GATE_POSITIONS(true),
    POOL_MAX(true),
    POOL_MAX_PLAIN(false),
    POOL_AVERAGE(true),
    POOL_AVERAGE_PLAIN(false),
    POOL_GLOBAL(true),
    CHANNEL_MAX(true),
    CHANNEL_MEAN(true),
    CONCAT(true),
    SHUFFLE(true),
    SLICE(true),
    SELECT(true),
    FLATTEN(true),
    GLIMPSE(true),
    SOFT_ARGMAX(true),
    /** From blocks of channels to one channel after the other, or back. */
    REORDER(false);

    private final boolean integers;

    Kind(boolean integers) {
      this.integers = integers;
    }

    /** Whether networks of such a storage have operators of this kind. */
    public boolean occursIn(Storage storage) {
      return integers || storage != Storage.INT8;
    }

    /** The kind whose costs stand in where a device never ran this one; itself if none can. */
    Kind similar() {
      return switch (this) {
        case CONVOLUTION_DIRECT, CONVOLUTION_PLAIN, ROW, GROUPED -> CONVOLUTION;
        case ROW_PLAIN -> ROW;
        case DEPTHWISE_PLAIN -> DEPTHWISE;
        case GROUPED_PLAIN -> GROUPED;
        case ADD_FUSED, BATCH_NORM -> ADD;
        case RELU -> HARD_SWISH;
        case POOL_MAX_PLAIN -> POOL_MAX;
        case POOL_AVERAGE_PLAIN -> POOL_AVERAGE;
        case REORDER -> CONCAT;
        default -> this;
      };
    }

    /** The word in profiles: {@code pool_max}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
