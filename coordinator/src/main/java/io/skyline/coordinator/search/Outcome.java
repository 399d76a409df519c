package io.skyline.coordinator.search;

import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;

/**
 * What became of one step, as controllers learn it.
 *
 * <p>Steps count proposals from 1, those answered by gate 1 included; what an earlier run found out
 * is of step 0.
 */
public sealed interface Outcome {
  long step();

  Genome genome();

  /** Trained, exported and measured; it may still break a constraint (gate 2). */
  record Scored(long step, Genome genome, Scorecard scorecard) implements Outcome {}

  /**
   * Answered by gate 1 without training.
   *
   * @param exact the exact costs; empty if the network cannot be built at all
   * @param reason for a person
   */
  record Infeasible(long step, Genome genome, Scorecard exact, String reason) implements Outcome {}

  /** Ended without a score. */
  record Failed(long step, Genome genome, FailureKind kind, String reason) implements Outcome {}

  /** Given up before it was scored, for want of time, or because a prefilter screened it out. */
  record Stopped(long step, Genome genome) implements Outcome {}
}
