package io.skyline.recipe;

import java.util.Locale;

/**
 * Lets the weights of each kernel share few values, found by k-means, and trains these values on
 * (Han et al. 2016, "Deep Compression", section 3). Zeros of pruning stay.
 *
 * @param bits of dense layers' kernels, which share 2^bits values; a pruned one 2^bits - 1, and 0
 * @param convolutionBits of convolutions' kernels
 * @param fineTuneEpochs passes over the training data afterwards
 */
public record WeightSharing(int bits, int convolutionBits, int fineTuneEpochs) implements Step {
  /** More values are not shared. */
  public static final int MOST_BITS = 8;

  public WeightSharing {
    for (int width : new int[] {bits, convolutionBits}) {
      if (width < 1 || width > MOST_BITS) {
        throw new IllegalArgumentException("bits lie between 1 and 8, not " + width);
      }
    }
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException("fine-tuning epochs cannot be " + fineTuneEpochs);
    }
  }

  @Override
  public StepKind kind() {
    return StepKind.WEIGHT_SHARING;
  }

  @Override
  public int epochs() {
    return fineTuneEpochs;
  }

  @Override
  public String text() {
    return String.format(
        Locale.ROOT,
        "weight-sharing(%d bits, %d of convolutions, %d epochs)",
        bits,
        convolutionBits,
        fineTuneEpochs);
  }
}
