package io.skyline.coordinator.config;

import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.space.Candidate;
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
   * The time that one process takes to train one candidate, and to tune it after the steps of its
   * recipe.
   *
   * @param images of an epoch
   */
  public static Duration training(SpaceProbe probe, long images) {
    double seconds =
        probe.samples().stream()
            .mapToDouble(sample -> seconds(sample.candidate(), images))
            .average()
            .orElse(0);
    return Duration.ofMillis(Math.round(1000 * seconds));
  }

  private static double seconds(Candidate candidate, long images) {
    int epochs = candidate.training().epochs() + candidate.recipe().epochs();
    long macs = NetworkCost.of(candidate.architecture(), Storage.FP32).macs();
    return epochs * images * (SECONDS_PER_IMAGE + macs * SECONDS_PER_IMAGE_AND_MAC);
  }
}
