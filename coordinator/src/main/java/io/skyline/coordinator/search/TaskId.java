package io.skyline.coordinator.search;

/**
 * The name of one unit of leased work in its search, such as {@code train-17} or {@code
 * measure-17-2}.
 *
 * @param kind what is done
 * @param trial for which trial, from 1
 * @param round counts repetitions of one kind for one trial, from 1
 */
public record TaskId(Kind kind, int trial, int round) {
  /** What a worker can be asked to do. */
  public enum Kind {
    /** Train, compress, export, score. */
    TRAIN,
    /** The same over {@code final.epochs}, for members of the frontier. */
    REFIT,
    /** Measure the latency of the exported file afresh. */
    MEASURE,
    /** Accuracy on test data, once. */
    TEST
  }

  /** {@code train-17}; the round is written from 2 on. */
  public String text() {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + trial;
    return round == 1 ? name : name + "-" + round;
  }
}
