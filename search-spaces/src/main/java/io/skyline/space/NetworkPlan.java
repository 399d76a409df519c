package io.skyline.space;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.scorecard.DataCard;
import java.util.Optional;

/** How one kind of space turns the decisions of a genome into a network. */
interface NetworkPlan {
  /** What windows it lays down; empty if it takes inputs of every kind. */
  default Optional<InputKind> input() {
    return Optional.empty();
  }

  /** Whether examples may leave some of its networks early, which they do by class. */
  default boolean mayExitEarly() {
    return false;
  }

  /**
   * Builds what a genome says.
   *
   * @throws InvalidArchitectureException if the network cannot be, with the reason
   */
  Architecture build(Genome genome, SearchSpace space, DataCard data);
}
