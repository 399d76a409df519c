package io.skyline.recipe;

import java.util.List;
import java.util.Locale;

/**
 * Lets the frequencies of each kernel share few values, dealt out by a hash, and trains these
 * values on (Chen et al. 2016, "Compressing Convolutional Neural Networks in the Frequency Domain";
 * of dense layers and kernels of one tap, which have one frequency, Chen et al. 2015, "Compressing
 * Neural Networks with the Hashing Trick"). All layers are hashed alike, but for kernels that
 * {@link #hashes} leaves as they are.
 *
 * @param share of each kernel's numbers to save, in (0, 1), in whole thousandths
 * @param fineTuneEpochs passes over the training data afterwards
 */
public record WeightHashing(double share, int fineTuneEpochs) implements Step {
  /** A kernel of fewer weights stays as it is: there is little to save, and few values are left. */
  public static final int FEWEST_WEIGHTS = 256;

  /** A kernel of more weights stays as it is: packing it would take hundreds of megabytes. */
  public static final int MOST_WEIGHTS = 1 << 22;

  /** A kernel of more rows or columns stays as it is. */
  public static final int WIDEST_WINDOW = 32;

  private static final int PER_MILLE = 1000;

  public WeightHashing {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("a share of weights lies between 0 and 1, not " + share);
    }
    if (share != rounded(share)) {
      throw new IllegalArgumentException("a share is given in whole thousandths, not " + share);
    }
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException("fine-tuning epochs cannot be " + fineTuneEpochs);
    }
  }

  /** The nearest share of whole thousandths. */
  public static double rounded(double share) {
    return (double) Math.round(share * PER_MILLE) / PER_MILLE;
  }

  /** Real values for every thousand weights. */
  public int keptPerMille() {
    return PER_MILLE - (int) Math.round(share * PER_MILLE);
  }

  /**
   * Whether a kernel is hashed.
   *
   * @param dimensions as {@link io.skyline.architecture.Parameter} has them
   */
  public static boolean hashes(List<Integer> dimensions) {
    long weights = 1;
    for (int i = 0; i < dimensions.size(); i++) {
      weights *= dimensions.get(i);
      if (i >= 2 && dimensions.get(i) > WIDEST_WINDOW) {
        return false;
      }
    }
    return weights >= FEWEST_WEIGHTS && weights <= MOST_WEIGHTS;
  }

  @Override
  public StepKind kind() {
    return StepKind.WEIGHT_HASHING;
  }

  @Override
  public int epochs() {
    return fineTuneEpochs;
  }

  @Override
  public String text() {
    return String.format(Locale.ROOT, "weight-hashing(%s, %d epochs)", share, fineTuneEpochs);
  }
}
