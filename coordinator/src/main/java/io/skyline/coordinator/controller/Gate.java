package io.skyline.coordinator.controller;

import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;

/**
 * Gate 1: judges a genome by what is exactly known before any training. A pure function of the
 * genome.
 */
@FunctionalInterface
public interface Gate {
  /** Lets everything pass. */
  Gate OPEN = genome -> new Feasible();

  Verdict judge(Genome genome);

  /** What the gate says. */
  sealed interface Verdict {}

  /** Worth training. */
  record Feasible() implements Verdict {}

  /**
   * Not worth training.
   *
   * @param exact the exact costs; empty if the network cannot be built at all
   * @param reason for a person
   */
  record Infeasible(Scorecard exact, String reason) implements Verdict {}
}
