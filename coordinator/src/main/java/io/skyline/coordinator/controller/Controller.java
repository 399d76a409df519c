package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Outcome;

/**
 * Proposes genomes and learns from their outcomes.
 *
 * <p>Pure but for its own memory: randomness derives from (seed, step) only, there is no clock and
 * no thread. A fresh controller that observed the same outcomes proposes the same genomes, which is
 * how a crashed search recovers.
 */
public interface Controller {
  /**
   * The genome of a step; it differs from every observed and pending one as long as the space holds
   * another.
   *
   * @param step counts proposals from 1
   * @param pending proposed before and not observed
   */
  Proposal propose(long step, Pending pending);

  /**
   * Learns an outcome: scored, failed and infeasible all teach.
   *
   * <p>In deterministic order trials come in step order, and a rejection right after its proposal;
   * see {@link Proposer}.
   */
  void observe(Outcome outcome);

  /**
   * Learns better what it has learned: a trial that was observed at a rung was trained further, or
   * is foreseen otherwise. In deterministic order as {@link #observe}.
   *
   * <p>What only counts outcomes has nothing to do.
   */
  default void revise(Outcome outcome) {}
}
