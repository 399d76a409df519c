package io.skyline.coordinator.config;

import java.util.Locale;

/** What trains the candidates. */
public enum TrainingEngine {
  /** Our own trainer over oneDNN primitives: the fast one. */
  ONEDNN,
  /** DL4J's ComputationGraph: slow, for machines without our natives. */
  DL4J;

  /** The word in configs and on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
