package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Physically removes the channels that are worth least, in multiples of 8, then fine-tunes.
 *
 * @param ratios shares of channels to remove, in [0, 1) and not all 0: one for each part of the
 *     network ({@link ChannelPlan#of(Architecture, List)})
 * @param criterion what a channel is worth
 * @param fineTuneEpochs passes over the training data afterwards
 */
public record ChannelPruning(List<Double> ratios, Criterion criterion, int fineTuneEpochs)
    implements Step {
  public ChannelPruning {
    ratios = List.copyOf(ratios);
    if (ratios.stream().allMatch(ratio -> ratio == 0)) {
      throw new IllegalArgumentException("nothing is to be pruned");
    }
    ratios.forEach(ChannelPlan::requireRatio);
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException("fine-tuning epochs cannot be " + fineTuneEpochs);
    }
  }

  /** The same share of every set of channels. */
  public ChannelPruning(double ratio, Criterion criterion, int fineTuneEpochs) {
    this(List.of(ratio), criterion, fineTuneEpochs);
  }

  /** The same share of every set of channels, by L1 norm. */
  public ChannelPruning(double ratio, int fineTuneEpochs) {
    this(ratio, Criterion.L1, fineTuneEpochs);
  }

  /** What a channel is worth. */
  public enum Criterion {
    /**
     * The sum of its weights' magnitudes (Li et al. 2017, "Pruning Filters for Efficient ConvNets",
     * section 3.1).
     */
    L1,
    /** The root of the sum of its weights' squares (He et al. 2018, "Soft Filter Pruning"). */
    L2,
    /**
     * How often it is not zero behind its activation, on calibration data: the complement of the
     * average percentage of zeros (Hu et al. 2016, "Network Trimming", equation 1).
     */
    APOZ,
    /**
     * How much the loss would change without it, to first order, on calibration data (Molchanov et
     * al. 2019, "Importance Estimation for Neural Network Pruning", equation 8).
     */
    TAYLOR;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The words of all criteria. */
    public static List<String> words() {
      return Stream.of(values()).map(Criterion::word).toList();
    }

    /**
     * The criterion of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Criterion of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public StepKind kind() {
    return StepKind.CHANNEL_PRUNING;
  }

  @Override
  public int epochs() {
    return fineTuneEpochs;
  }

  @Override
  public Architecture deployed(Architecture network) {
    return ChannelPlan.of(network, ratios).pruned();
  }

  @Override
  public String text() {
    return String.format(
        Locale.ROOT,
        "channel-pruning(%s, %s%d epochs)",
        ratios.stream().map(String::valueOf).collect(Collectors.joining(" ")),
        criterion == Criterion.L1 ? "" : criterion.word() + ", ",
        fineTuneEpochs);
  }
}
