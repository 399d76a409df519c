package io.skyline.worker.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waiting times that double from one failure to the next, each drawn between half of that and all
 * of it, so that a thousand workers do not come back at the same moment.
 */
final class Backoff {
  private final long firstMillis;
  private final long lastMillis;
  private final RandomGenerator random;
  private long nextMillis;

  Backoff(Duration first, Duration last, RandomGenerator random) {
    this.firstMillis = first.toMillis();
    this.lastMillis = last.toMillis();
    this.random = random;
    this.nextMillis = firstMillis;
  }

  /** From a quarter of a second to fifteen. */
  static Backoff standard() {
    return new Backoff(
        Duration.ofMillis(250), Duration.ofSeconds(15), RandomGenerator.getDefault());
  }

  /** How long to wait after one more failure. */
  Duration next() {
    long wait = nextMillis / 2 + random.nextLong(nextMillis / 2 + 1);
    nextMillis = Math.min(lastMillis, 2 * nextMillis);
    return Duration.ofMillis(wait);
  }

  /** Something went well. */
  void reset() {
    nextMillis = firstMillis;
  }
}
