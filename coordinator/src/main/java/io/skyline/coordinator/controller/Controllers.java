package io.skyline.coordinator.controller;

import java.util.List;
import java.util.Optional;

/** The controllers that a config can name. */
public final class Controllers {
  private static final List<ControllerType> ALL =
      List.of(
          RandomSearch.TYPE,
          RegularizedEvolution.TYPE,
          Nsga2.TYPE,
          Reinforce.TYPE,
          TwoStage.TYPE,
          Surrogate.TYPE);

  private Controllers() {}

  /** All of them, the plainest first. */
  public static List<ControllerType> all() {
    return ALL;
  }

  /** The one for searches that name none: the best at 50 to 500 trials. */
  public static ControllerType usual() {
    return Surrogate.TYPE;
  }

  /** The one of that name. */
  public static Optional<ControllerType> named(String name) {
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
  }
}
