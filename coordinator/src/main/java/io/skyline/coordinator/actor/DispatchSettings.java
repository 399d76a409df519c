package io.skyline.coordinator.actor;

import java.time.Duration;

/**
 * How long the dispatcher is patient; all by the monotonic clock.
 *
 * @param heartbeat how often workers are to be heard
 * @param missedHeartbeats after so many silent ones a worker is lost
 * @param lease after which a task that its worker does not name in its heartbeats is leased again
 */
public record DispatchSettings(Duration heartbeat, int missedHeartbeats, Duration lease) {
  /** Heartbeats every 5 s, lost after 20 s of silence, leases of 30 s. */
  public static final DispatchSettings USUAL =
      new DispatchSettings(Duration.ofSeconds(5), 4, Duration.ofSeconds(30));

  public DispatchSettings {
    if (heartbeat.isNegative() || heartbeat.isZero() || missedHeartbeats < 1) {
      throw new IllegalArgumentException("heartbeats come after a positive time");
    }
    if (lease.compareTo(heartbeat.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException("a lease outlasts at least two heartbeats");
    }
  }

  /** After so long without a word a worker is lost. */
  Duration silence() {
    return heartbeat.multipliedBy(missedHeartbeats);
  }
}
