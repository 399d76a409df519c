package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Writes kernels as products of two smaller ones of low rank, which become layers of their own,
 * then fine-tunes.
 *
 * @param method which layers are factored, and along which axes
 * @param share of the weights of each factored layer to remove, in (0, 1)
 * @param fineTuneEpochs passes over the training data afterwards
 */
public record LowRank(Method method, double share, int fineTuneEpochs) implements Step {
  public LowRank {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("a share of weights lies between 0 and 1, not " + share);
    }
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException("fine-tuning epochs cannot be " + fineTuneEpochs);
    }
  }

  /** Which layers are factored, and along which axes. */
  public enum Method {
    /** Dense layers and convolutions of one tap, as matrices (Denton et al. 2014, section 3.2). */
    SVD,
    /**
     * Square convolutions into one over columns and one over rows (Jaderberg et al. 2014, scheme 2;
     * in closed form Tai et al. 2016, section 3); the others as {@link #CHANNEL} does.
     */
    SPATIAL,
    /**
     * Convolutions into one of fewer outputs and one of one tap (Zhang et al. 2016, "Accelerating
     * Very Deep Convolutional Networks", section 3.1); dense layers too.
     */
    CHANNEL;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The words of all methods. */
    public static List<String> words() {
      return Stream.of(values()).map(Method::word).toList();
    }

    /**
     * The method of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Method of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public StepKind kind() {
    return StepKind.LOW_RANK;
  }

  @Override
  public int epochs() {
    return fineTuneEpochs;
  }

  @Override
  public Architecture deployed(Architecture network) {
    return LowRankPlan.of(network, method, share).factored();
  }

  @Override
  public String text() {
    return String.format(
        Locale.ROOT, "low-rank(%s, %s, %d epochs)", method.word(), share, fineTuneEpochs);
  }
}
