package io.skyline.coordinator.controller;

import io.skyline.space.Genome;
import java.util.Optional;

/**
 * What a controller wants tried.
 *
 * @param genome of the candidate
 * @param parent the observed genome that it was changed from, whose weights it may begin with
 */
public record Proposal(Genome genome, Optional<Genome> parent) {
  /** A candidate of no one's. */
  public Proposal(Genome genome) {
    this(genome, Optional.empty());
  }
}
