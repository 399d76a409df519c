package io.skyline.coordinator.controller;

import io.skyline.space.Genome;
import java.util.List;

/** The genomes proposed and not yet observed, oldest first. */
public record Pending(List<Genome> genomes) {
  /** Nothing is under way. */
  public static final Pending NONE = new Pending(List.of());

  public Pending {
    genomes = List.copyOf(genomes);
  }
}
