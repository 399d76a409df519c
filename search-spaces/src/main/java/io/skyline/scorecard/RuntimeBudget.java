package io.skyline.scorecard;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What trying settings of the runtime on a model may take.
 *
 * @param time for all settings together
 * @param cores that they may use; empty for all that the worker's process may
 */
public record RuntimeBudget(Duration time, OptionalInt cores) {
  /** Two seconds on whatever the worker has. */
  public static final RuntimeBudget STANDARD =
      new RuntimeBudget(Duration.ofSeconds(2), OptionalInt.empty());

  public RuntimeBudget {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("tuning takes time, not " + time);
    }
    if (cores.isPresent() && cores.getAsInt() < 1) {
      throw new IllegalArgumentException("tuning takes a core, not " + cores.getAsInt());
    }
  }
}
