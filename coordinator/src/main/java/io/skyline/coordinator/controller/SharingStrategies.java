package io.skyline.coordinator.controller;

import java.util.List;
import java.util.Optional;

/** The strategies of shared weights that a config can name. */
public final class SharingStrategies {
  /** Paths and candidates draw from seeds that differ. */
  private static final long CANDIDATES = 0x6A09E667F3BCC909L;

  private static final SharingStrategyType RANDOM =
      new SharingStrategyType(
          "random",
          "random search with shared weights (Li and Talwalkar 2019)",
          List.of(),
          (values, space, goals, seed) ->
              new UniformPaths(space, new RandomSearch(space, seed ^ CANDIDATES)));

  private static final SharingStrategyType SPOS =
      new SharingStrategyType(
          "spos",
          "single-path uniform sampling, then evolution (Guo et al. 2020)",
          Nsga2.TYPE.settings(),
          (values, space, goals, seed) ->
              new UniformPaths(
                  space, Nsga2.TYPE.create(values.all(), space, goals, seed ^ CANDIDATES)));

  private SharingStrategies() {}

  /** All of them. */
  public static List<SharingStrategyType> all() {
    return List.of(PolicyPaths.TYPE, SPOS, RANDOM);
  }

  /** The one of that name. */
  public static Optional<SharingStrategyType> named(String name) {
    return all().stream().filter(type -> type.name().equals(name)).findFirst();
  }
}
