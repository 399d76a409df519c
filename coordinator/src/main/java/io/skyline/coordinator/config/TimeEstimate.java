package io.skyline.coordinator.config;

import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import java.time.Duration;

/**
 * Roughly how long training takes, from what the oneDNN engine needed for networks of {@code
 * mobile} on a 2020s x86 core: good to a factor of two.
 */
public final class TimeEstimate {
  private static final double SECONDS_PER_IMAGE = 150e-6;
  private static final double SECONDS_PER_IMAGE_AND_MAC = 80e-12;

  private TimeEstimate() {}

  /**
   * The time that one process takes to train one candidate.
   *
   * @param images passed forward and back, over all epochs
   */
  public static Duration training(SpaceProbe probe, long images) {
    double macs =
        probe.samples().stream()
            .mapToLong(s -> NetworkCost.of(s.candidate().architecture(), Storage.FP32).macs())
            .average()
            .orElse(0);
    double seconds = images * (SECONDS_PER_IMAGE + macs * SECONDS_PER_IMAGE_AND_MAC);
    return Duration.ofMillis(Math.round(1000 * seconds));
  }
}
