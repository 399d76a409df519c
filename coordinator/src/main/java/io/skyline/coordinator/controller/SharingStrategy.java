package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Outcome;
import io.skyline.space.Genome;
import java.util.random.RandomGenerator;

/**
 * How a search with shared weights draws the paths that it trains on them, and the candidates that
 * it then scores with them.
 *
 * <p>Pure but for its own memory, as a {@link Controller} is; paths may come again.
 */
public interface SharingStrategy {
  /**
   * The path of a step.
   *
   * @param random of the step; gives another path each time
   */
  Genome path(RandomGenerator random);

  /**
   * Learns what became of a path: scored with its reward and exact costs, failed, or infeasible. In
   * step order; a path that broke a limit comes right after it was drawn.
   */
  void observe(Outcome outcome);

  /** Who proposes candidates once all paths are trained; asked for once. */
  Controller derivation();
}
