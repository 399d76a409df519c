package io.skyline.scorecard;

import java.util.Locale;

/**
 * The setting of the runtime with which a model is fastest.
 *
 * @param cores that could be used
 * @param threads of one run
 * @param batch examples in one run
 * @param streams runs side by side
 * @param tried settings in all
 * @param throughput at it
 */
public record FastestSetting(
    int cores, int threads, int batch, int streams, int tried, Measurement throughput) {
  /** One line for a terminal. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "fastest on %s: %s with %s, batch %d, %s (of %s tried)",
        counted(cores, "core"),
        MetricText.readable(Scorecard.EMPTY.with(Metric.THROUGHPUT, throughput), Metric.THROUGHPUT),
        counted(threads, "thread"),
        batch,
        counted(streams, "stream"),
        counted(tried, "setting"));
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
