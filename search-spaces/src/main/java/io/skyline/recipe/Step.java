package io.skyline.recipe;

/** One step of a {@link Recipe}; immutable, validated when made. */
public sealed interface Step permits ChannelPruning, Quantization {
  /** The step as it stands in a genome's text form and in cards: {@code channel-pruning(0.25)}. */
  String text();
}
