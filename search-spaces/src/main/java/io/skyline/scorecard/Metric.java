package io.skyline.scorecard;

import java.util.Locale;
import java.util.Optional;

/** A number that a trial is judged by. */
public enum Metric {
  /** Share of validation images that the exported model classifies correctly. */
  ACCURACY(Unit.FRACTION, true, true, false),
  /** The same on test data, taken once, when the frontier is published; guides nothing. */
  TEST_ACCURACY(Unit.FRACTION, true, true, false),
  /**
   * The mean over the classes of validation data of the harmonic mean of precision and recall: in
   * it a rare class counts as much as a frequent one.
   */
  MACRO_F1(Unit.FRACTION, true, true, false),
  /** The same on test data; guides nothing. */
  TEST_MACRO_F1(Unit.FRACTION, true, true, false),
  /** Mean absolute error on validation data, in the target's own unit. */
  MAE(Unit.TARGET, false, true, false),
  /** The same on test data; guides nothing. */
  TEST_MAE(Unit.TARGET, false, true, false),
  /**
   * Share of the variance of validation data that the model explains: 1 - squared errors / squared
   * deviations from the mean; below 0 for a model that is worse than the mean.
   */
  R2(Unit.FRACTION, true, true, false),
  /** The same on test data; guides nothing. */
  TEST_R2(Unit.FRACTION, true, true, false),
  /** Median time of one inference, batch 1, one thread, by the gated protocol. */
  LATENCY(Unit.MICROSECONDS, false, false, false),
  /**
   * The latency that a device profile foretells; only where a search has one. Exact in that the
   * same network always has the same; how near it comes to {@link #LATENCY} is the profile's error.
   */
  PREDICTED_LATENCY(Unit.MICROSECONDS, false, true, true),
  /**
   * Examples a second at the best setting of threads, batch and parallel streams that was tried on
   * the machine that measured.
   */
  THROUGHPUT(Unit.EXAMPLES_PER_SECOND, true, false, false),
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
  /** Four bytes for each number of the network before its recipe, as papers count. */
  UNCOMPRESSED(Unit.BYTES, false, true, false),
  /** 1 - {@link #TEST_ACCURACY}. */
  TEST_ERROR(Unit.FRACTION, false, true, false),
  /** That of the network before its recipe. */
  UNCOMPRESSED_TEST_ERROR(Unit.FRACTION, false, true, false),
  /** CPU seconds of training, fine-tuning included. */
  TRAIN_SECONDS(Unit.SECONDS, false, false, false),
  /**
   * Natural logarithm of the synaptic flow of the untrained network (Tanaka et al. 2020, "Pruning
   * neural networks without any data by iteratively conserving synaptic flow").
   */
  SYNFLOW(Unit.SCORE, true, true, false),
  /**
   * How differently the untrained network answers changes of different examples (Mellor et al.
   * 2020, "Neural Architecture Search without Training", first version; {@code jacob_cov} of
   * Abdelfattah et al. 2021).
   */
  JACOBIAN_COVARIANCE(Unit.SCORE, true, true, false);

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

  /** Whether the value is known exactly before any training (gate 1), if it is known at all. */
  public boolean exactBeforeTraining() {
    return exact;
  }

  /** The task that alone has this metric; empty if every one has. */
  public Optional<Task> task() {
    return switch (this) {
      case ACCURACY, TEST_ACCURACY, MACRO_F1, TEST_MACRO_F1, TEST_ERROR, UNCOMPRESSED_TEST_ERROR ->
          Optional.of(Task.CLASSIFICATION);
      case MAE, TEST_MAE, R2, TEST_R2 -> Optional.of(Task.REGRESSION);
      case LATENCY,
          PREDICTED_LATENCY,
          THROUGHPUT,
          PEAK_MEMORY,
          SIZE,
          DOWNLOAD,
          MACS,
          PARAMETERS,
          ENERGY,
          UNCOMPRESSED,
          TRAIN_SECONDS,
          SYNFLOW,
          JACOBIAN_COVARIANCE ->
          Optional.empty();
    };
  }

  /** Whether the value is taken on test data, and therefore guides nothing. */
  public boolean isTest() {
    return name().contains("TEST_");
  }

  /**
   * Whether it is computed of the untrained network, as a hint of its quality: no goal by itself.
   */
  public boolean isProxy() {
    return this == SYNFLOW || this == JACOBIAN_COVARIANCE;
  }

  /** The same metric on test data, if it is one of a model's quality. */
  public Optional<Metric> onTest() {
    return of("test_" + word());
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
