package io.skyline.coordinator.search;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one unit of leased work in its search, such as {@code train-17} or {@code
 * measure-17-2}; ordered by kind, trial and round.
 *
 * @param kind what is done
 * @param trial for which trial, from 1; of {@code SHARE} the step, of {@code EVALUATE} the
 *     candidate
 * @param round counts repetitions of one kind for one trial, from 1
 */
public record TaskId(Kind kind, int trial, int round) implements Comparable<TaskId> {
  private static final Pattern TEXT =
      Pattern.compile(
          "(share|evaluate|train|refit|measure|test)-([1-9]\\d{0,8})(?:-([1-9]\\d{0,8}))?");
  private static final Comparator<TaskId> ORDER =
      Comparator.comparing(TaskId::kind)
          .thenComparingInt(TaskId::trial)
          .thenComparingInt(TaskId::round);

  /** What a worker can be asked to do. */
  public enum Kind {
    /** Train a path for some batches on shared weights. */
    SHARE,
    /** Score a candidate with shared weights. */
    EVALUATE,
    /** Train, compress, export, score. */
    TRAIN,
    /** The same over {@code final.epochs}, for members of the frontier. */
    REFIT,
    /** Measure the latency of the exported file afresh. */
    MEASURE,
    /** Accuracy on test data, once. */
    TEST
  }

  /** The training of a trial. */
  public static TaskId train(int trial) {
    return new TaskId(Kind.TRAIN, trial, 1);
  }

  /** The training of a path on shared weights, in a step. */
  public static TaskId share(int step) {
    return new TaskId(Kind.SHARE, step, 1);
  }

  /** The scoring of a candidate with shared weights. */
  public static TaskId evaluate(int candidate) {
    return new TaskId(Kind.EVALUATE, candidate, 1);
  }

  /** Whether it is of shared weights, and not of a trial. */
  public boolean isShared() {
    return kind == Kind.SHARE || kind == Kind.EVALUATE;
  }

  /** {@code train-17}; the round is written from 2 on. */
  public String text() {
    String name = kind.name().toLowerCase(Locale.ROOT) + "-" + trial;
    return round == 1 ? name : name + "-" + round;
  }

  /** The task of a text form, empty if it is none. */
  public static Optional<TaskId> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Kind kind = Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    int round = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
    TaskId task = new TaskId(kind, Integer.parseInt(matcher.group(2)), round);
    return task.text().equals(text) ? Optional.of(task) : Optional.empty();
  }

  @Override
  public int compareTo(TaskId other) {
    return ORDER.compare(this, other);
  }
}
