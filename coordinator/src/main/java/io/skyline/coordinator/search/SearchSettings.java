package io.skyline.coordinator.search;

import io.skyline.scorecard.Metric;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a config says about the course of a search.
 *
 * @param goals objectives and constraints
 * @param budget trials, or time
 * @param lookahead in deterministic order, training t waits for the outcomes of trainings up to t -
 *     lookahead and for no other; at least 1
 * @param order which outcomes a proposal may depend on
 * @param maxAttempts how often a task may be lost before it counts as failed
 * @param finalEpochs members of the frontier are trained again for so long before they are
 *     published
 * @param latencyInTrials whether every trial measures its latency
 * @param seed of all randomness
 * @param slots evaluations expected side by side; 0 if unknown. Decides nothing.
 * @param halving rungs at which trainings pause; empty if each trial is trained at once
 * @param sharing what is learned with shared weights before the trials, if anything
 * @param prefilter which proposals are trained; empty if all are
 */
public record SearchSettings(
    Goals goals,
    Budget budget,
    int lookahead,
    Order order,
    int maxAttempts,
    OptionalInt finalEpochs,
    boolean latencyInTrials,
    long seed,
    int slots,
    Optional<Halving> halving,
    Optional<SharingSettings> sharing,
    Optional<Prefilter> prefilter) {
  /** The usual distance between a proposal and the outcomes that it knows. */
  public static final int DEFAULT_LOOKAHEAD = 16;

  /** The usual limit of attempts. */
  public static final int DEFAULT_ATTEMPTS = 3;

  public SearchSettings {
    if (lookahead < 1 || maxAttempts < 1 || slots < 0) {
      throw new IllegalArgumentException(
          "lookahead and attempts are at least 1, slots at least 0: %d, %d, %d"
              .formatted(lookahead, maxAttempts, slots));
    }
    if (finalEpochs.isPresent() && finalEpochs.getAsInt() < 1) {
      throw new IllegalArgumentException("final epochs are at least 1");
    }
    if (goals.mention(Metric.LATENCY) && !latencyInTrials) {
      throw new IllegalArgumentException("latency is a goal, so trials have to measure it");
    }
    if (prefilter.isPresent() && Screening.quality(goals).isEmpty()) {
      throw new IllegalArgumentException("no goal is a quality that scores could foretell");
    }
  }

  /** Settings of a search whose networks have weights of their own and are trained at once. */
  public SearchSettings(
      Goals goals,
      Budget budget,
      int lookahead,
      Order order,
      int maxAttempts,
      OptionalInt finalEpochs,
      boolean latencyInTrials,
      long seed,
      int slots) {
    this(
        goals,
        budget,
        lookahead,
        order,
        maxAttempts,
        finalEpochs,
        latencyInTrials,
        seed,
        slots,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** These settings with rungs. */
  public SearchSettings with(Halving rungs) {
    return with(Optional.of(rungs), prefilter);
  }

  /** These settings with a prefilter. */
  public SearchSettings with(Prefilter filter) {
    return with(halving, Optional.of(filter));
  }

  private SearchSettings with(Optional<Halving> rungs, Optional<Prefilter> filter) {
    return new SearchSettings(
        goals,
        budget,
        lookahead,
        order,
        maxAttempts,
        finalEpochs,
        latencyInTrials,
        seed,
        slots,
        rungs,
        sharing,
        filter);
  }

  /** Which outcomes a proposal may depend on. */
  public enum Order {
    /** Trials up to t - lookahead, in order: the same for any number of workers. */
    DETERMINISTIC,
    /** Whatever is known: never waits for a straggler, repeats itself for one worker only. */
    ARRIVAL
  }

  /** Usual settings for these goals, trials and seed. */
  public static SearchSettings of(Goals goals, int trials, long seed) {
    return new SearchSettings(
        goals,
        Budget.ofTrials(trials),
        DEFAULT_LOOKAHEAD,
        Order.DETERMINISTIC,
        DEFAULT_ATTEMPTS,
        OptionalInt.empty(),
        goals.mention(Metric.LATENCY),
        seed,
        0);
  }

  /** Whether more slots are expected than a deterministic search can keep busy. */
  public boolean slotsIdle() {
    return order == Order.DETERMINISTIC && slots > lookahead;
  }

  /**
   * Whether members of the frontier are measured afresh before they are published: where latency or
   * throughput is a goal, because noise chose them; where trials left latency out, because their
   * card wants it.
   */
  boolean measuresAfresh() {
    return goals.mention(Metric.LATENCY) || goals.mention(Metric.THROUGHPUT) || !latencyInTrials;
  }
}
