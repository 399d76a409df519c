package io.skyline.worker.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a model is run.
 *
 * @param threads that share the work of one run (ONNX Runtime's intra-op threads)
 * @param batch examples in one run
 * @param streams runs side by side on one session, whose further threads they share
 */
public record RuntimeSetting(int threads, int batch, int streams) {
  /** Beyond this many examples a run, small networks gain nothing more: their caches are full. */
  private static final int LARGEST_BATCH = 64;

  /** One run at a time, one example, one thread: how latency is measured. */
  static final RuntimeSetting PLAIN = new RuntimeSetting(1, 1, 1);

  public RuntimeSetting {
    if (threads < 1 || batch < 1 || streams < 1) {
      throw new IllegalArgumentException(
          "not a setting: %d threads, batch %d, %d streams".formatted(threads, batch, streams));
    }
  }

  /** How many cores it keeps busy: a stream computes itself, beside the session's other threads. */
  int cores() {
    return threads + streams - 1;
  }

  /** How many examples are computed at a time. */
  int examples() {
    return Math.multiplyExact(batch, streams);
  }

  /** This setting with another batch. */
  RuntimeSetting withBatch(int other) {
    return new RuntimeSetting(threads, other, streams);
  }

  /**
   * Every pair of threads and streams, at batch 1, that keeps no more cores busy than there are:
   * powers of two and whatever uses all; {@link #PLAIN} first, then the busiest, of them those of
   * most streams.
   */
  static List<RuntimeSetting> onCores(int cores) {
    List<RuntimeSetting> settings = new ArrayList<>();
    for (int threads : upTo(cores)) {
      for (int streams : upTo(cores - threads + 1)) {
        settings.add(new RuntimeSetting(threads, 1, streams));
      }
    }
    settings.sort(
        Comparator.comparing((RuntimeSetting setting) -> !setting.equals(PLAIN))
            .thenComparing(RuntimeSetting::cores, Comparator.reverseOrder())
            .thenComparing(RuntimeSetting::streams, Comparator.reverseOrder()));
    return settings;
  }

  /**
   * This setting at each batch, the smallest first.
   *
   * @param examples that memory holds at a time; the smallest batch is there in any case
   */
  List<RuntimeSetting> batches(long examples) {
    List<RuntimeSetting> settings = new ArrayList<>(List.of(withBatch(1)));
    for (int size = 2; size <= LARGEST_BATCH && (long) size * streams <= examples; size *= 2) {
      settings.add(withBatch(size));
    }
    return settings;
  }

  /** The powers of two below a number, and the number. */
  private static List<Integer> upTo(int most) {
    List<Integer> numbers = new ArrayList<>();
    for (int number = 1; number < most; number *= 2) {
      numbers.add(number);
    }
    numbers.add(most);
    return numbers;
  }
}
