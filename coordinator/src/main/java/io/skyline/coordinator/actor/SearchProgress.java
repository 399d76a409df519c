package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Counts;
import io.skyline.coordinator.search.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a search is, for a progress line.
 *
 * @param search the run's name
 * @param phase where it stands
 * @param budget of trials; {@link Integer#MAX_VALUE} if only time limits it
 * @param counts of proposals and trials
 * @param hypervolume the frontier's, 0..1
 * @param bestAccuracy on validation data, among feasible trials
 * @param left estimated time to the end of the phase, once there is something to estimate from
 * @param message why it waits or why it ended, for a person; empty if it simply runs
 */
public record SearchProgress(
    String search,
    Phase phase,
    int budget,
    Counts counts,
    double hypervolume,
    OptionalDouble bestAccuracy,
    Optional<Duration> left,
    String message) {}
