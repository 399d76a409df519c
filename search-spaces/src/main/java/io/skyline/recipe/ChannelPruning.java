package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import java.util.Locale;

/**
 * Physically removes the channels of least L1 norm (Li et al. 2017, "Pruning Filters for Efficient
 * ConvNets") in multiples of 8, then fine-tunes.
 *
 * @param ratio share of each prunable layer's channels to remove, in (0, 1)
 * @param fineTuneEpochs passes over the training data afterwards
 */
public record ChannelPruning(double ratio, int fineTuneEpochs) implements Step {
  public ChannelPruning {
    if (!(ratio > 0 && ratio < 1)) {
      throw new IllegalArgumentException("a pruning ratio lies between 0 and 1, not " + ratio);
    }
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException("fine-tuning epochs cannot be " + fineTuneEpochs);
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
    return ChannelPlan.of(network, ratio).pruned();
  }

  @Override
  public String text() {
    return String.format(Locale.ROOT, "channel-pruning(%s, %d epochs)", ratio, fineTuneEpochs);
  }
}
