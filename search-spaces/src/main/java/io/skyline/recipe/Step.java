package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import java.util.function.Predicate;

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

  /**
   * The network that it leaves of one, known before anything is trained; where trained weights
   * decide which layers become others, the one in which none does.
   */
  default Architecture deployed(Architecture network) {
    return network;
  }

  /**
   * The same where it is known which layers there are in the end, up to their channels, of which
   * there may be fewer.
   *
   * @param present whether a layer that trained weights decide about is there, by its name; all
   *     give the costliest network
   */
  default Architecture deployed(Architecture network, Predicate<String> present) {
    return deployed(network);
  }
}
