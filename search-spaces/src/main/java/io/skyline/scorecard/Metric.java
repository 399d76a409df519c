package io.skyline.scorecard;

import java.util.Locale;
import java.util.Optional;

/** A number that a trial is judged by. */
public enum Metric {
  /** Share of validation images that the exported model classifies correctly. */
  ACCURACY(Unit.FRACTION, true, true, false),
  /** The same on test data, taken once, when the frontier is published; guides nothing. */
  TEST_ACCURACY(Unit.FRACTION, true, true, false),
  /** Median time of one inference, batch 1, one thread, by the gated protocol. */
  LATENCY(Unit.MICROSECONDS, false, false, false),
  /** Weights plus live activations at the worst moment of one inference. */
  PEAK_MEMORY(Unit.BYTES, false, true, true),
  /** Bytes of the packed file model.sky. */
  SIZE(Unit.BYTES, false, true, false),
  /** Bytes of model.onnx. */
  DOWNLOAD(Unit.BYTES, false, true, false),
  /** Multiply-accumulates of one inference. */
  MACS(Unit.COUNT, false, true, true),
  /** Numbers in the network after the recipe's structural steps. */
  PARAMETERS(Unit.COUNT, false, true, true),
  /** Estimated energy of one inference (Horowitz 2014, 45 nm). */
  ENERGY(Unit.MICROJOULES, false, true, true),
  /** CPU seconds of training, fine-tuning included. */
  TRAIN_SECONDS(Unit.SECONDS, false, false, false);

  private final Unit unit;
  private final boolean higherIsBetter;
  private final boolean deterministic;
  private final boolean exact;

  Metric(Unit unit, boolean higherIsBetter, boolean deterministic, boolean exact) {
    this.unit = unit;
    this.higherIsBetter = higherIsBetter;
    this.deterministic = deterministic;
    this.exact = exact;
  }

  public Unit unit() {
    return unit;
  }

  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  /** Whether the same seed gives the same value on every run. */
  public boolean deterministic() {
    return deterministic;
  }

  /** Whether the value is known exactly before any training (gate 1). */
  public boolean exactBeforeTraining() {
    return exact;
  }

  /** The word in configs: {@code peak_memory}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The column's name in tables: the word and, where there is one, the unit: {@code latency_us}.
   */
  public String column() {
    return unit.suffix().isEmpty() ? word() : word() + "_" + unit.suffix();
  }

  /** The metric of that word. */
  public static Optional<Metric> of(String word) {
    for (Metric metric : values()) {
      if (metric.word().equals(word)) {
        return Optional.of(metric);
      }
    }
    return Optional.empty();
  }
}
