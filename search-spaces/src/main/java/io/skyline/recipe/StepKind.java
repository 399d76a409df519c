package io.skyline.recipe;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of steps, and which may follow which. */
public enum StepKind {
  /** Removes whole channels. */
  CHANNEL_PRUNING,
  /** Writes kernels as products of smaller ones. */
  LOW_RANK,
  /** Sets single weights to zero. */
  MAGNITUDE_PRUNING,
  /** Trains on with the uncompressed network as teacher. */
  DISTILLATION,
  /** Lets the weights of a layer share few values. */
  WEIGHT_SHARING,
  /** Lets the frequencies of a kernel share few values that a hash deals out. */
  WEIGHT_HASHING,
  /** Stores, and perhaps computes, at a lower precision. */
  QUANTIZATION;

  private static final String NO_ZEROS = "hashed kernels are dense: zeros would not stay";

  /** The word in configs: {@code channel-pruning}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The words of all kinds. */
  public static List<String> words() {
    return Stream.of(values()).map(StepKind::word).toList();
  }

  /**
   * The kind of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StepKind of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /**
   * Why a step of another kind cannot come after one of this kind, directly or later; empty if it
   * can.
   */
  public Optional<String> refuses(StepKind later) {
    if (this == later) {
      return Optional.of("a recipe holds each kind of step at most once");
    }
    return switch (this) {
      case CHANNEL_PRUNING, LOW_RANK, DISTILLATION -> Optional.empty();
      case MAGNITUDE_PRUNING -> afterPruning(later);
      case WEIGHT_SHARING -> afterSharing(later);
      case WEIGHT_HASHING -> afterHashing(later);
      case QUANTIZATION -> Optional.of("quantization settles how the weights are stored");
    };
  }

  private static Optional<String> afterPruning(StepKind later) {
    return switch (later) {
      case LOW_RANK -> Optional.of("the factors of a sparse kernel are dense");
      case WEIGHT_HASHING -> Optional.of(NO_ZEROS);
      default -> Optional.empty();
    };
  }

  private static Optional<String> afterSharing(StepKind later) {
    return switch (later) {
      case CHANNEL_PRUNING, LOW_RANK, MAGNITUDE_PRUNING ->
          Optional.of("the shared values are chosen for the weights that remain");
      case WEIGHT_HASHING -> Optional.of("hashing would move the shared values apart");
      case QUANTIZATION -> Optional.of("quantization would move the shared values apart");
      case DISTILLATION, WEIGHT_SHARING -> Optional.empty();
    };
  }

  private static Optional<String> afterHashing(StepKind later) {
    return switch (later) {
      case CHANNEL_PRUNING, LOW_RANK ->
          Optional.of("the hash deals its values out to the weights that there are");
      case MAGNITUDE_PRUNING -> Optional.of(NO_ZEROS);
      case WEIGHT_SHARING -> Optional.of("sharing would move the hashed values apart");
      case QUANTIZATION -> Optional.of("quantization would move the hashed values apart");
      case DISTILLATION, WEIGHT_HASHING -> Optional.empty();
    };
  }

  /** The kinds that may come after all of these, in words: what to write instead. */
  public static List<String> legalAfter(List<StepKind> earlier) {
    return Stream.of(values())
        .filter(kind -> earlier.stream().allMatch(before -> before.refuses(kind).isEmpty()))
        .map(StepKind::word)
        .toList();
  }
}
