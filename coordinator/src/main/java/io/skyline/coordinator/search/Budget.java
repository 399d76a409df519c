package io.skyline.coordinator.search;

import java.time.Duration;
import java.util.Optional;

/**
 * What a search may spend.
 *
 * @param trials candidates trained at most; {@link Integer#MAX_VALUE} if only time limits it
 * @param time after which nothing new is begun; its end comes in as {@link SearchEvent.TimeExpired}
 */
public record Budget(int trials, Optional<Duration> time) {
  public Budget {
    if (trials < 1) {
      throw new IllegalArgumentException("a budget holds at least one trial, not " + trials);
    }
  }

  /** So many trials, however long they take. */
  public static Budget ofTrials(int trials) {
    return new Budget(trials, Optional.empty());
  }

  /** As many trials as fit into a time. */
  public static Budget ofTime(Duration time) {
    return new Budget(Integer.MAX_VALUE, Optional.of(time));
  }
}
