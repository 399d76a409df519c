package io.skyline.recipe;

import io.skyline.architecture.Architecture;

/** One step of a {@link Recipe}; immutable, validated when made. */
public sealed interface Step
    permits ChannelPruning,
        LowRank,
        MagnitudePruning,
        WeightSharing,
        WeightHashing,
        Tutoring,
        Quantization {
  /** What it does to a network. */
  StepKind kind();

  /** The step as it stands in a genome's text form and in cards: {@code channel-pruning(0.25)}. */
  String text();

  /** Passes over the training data that it takes. */
  int epochs();

  /** The network that it leaves of one, known before anything is trained. */
  default Architecture deployed(Architecture network) {
    return network;
  }
}
