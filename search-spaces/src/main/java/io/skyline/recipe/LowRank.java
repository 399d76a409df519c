package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Writes kernels as products of two smaller ones of low rank, which become layers of their own,
 * then fine-tunes.
 *
 * @param method which layers are factored, and along which axes
 * @param rank how ranks follow
 * @param fineTuneEpochs passes over the training data afterwards
 */
public record LowRank(Method method, Rank rank, int fineTuneEpochs) implements Step {
  public LowRank {
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException("fine-tuning epochs cannot be " + fineTuneEpochs);
    }
  }

  /** Ranks that remove a share of the weights of each factored layer. */
  public LowRank(Method method, double share, int fineTuneEpochs) {
    this(method, new Share(share), fineTuneEpochs);
  }

  /** How the ranks of factored layers follow. */
  public sealed interface Rank {
    /** In a few words. */
    String text();
  }

  /**
   * From a size: known before anything is trained.
   *
   * @param removed share of the weights of each factored layer to remove, in (0, 1)
   */
  public record Share(double removed) implements Rank {
    public Share {
      requireShare(removed);
    }

    @Override
    public String text() {
      return Double.toString(removed);
    }
  }

  /**
   * From trained kernels: of each the least rank that keeps a share of its energy, the sum of its
   * squared singular values (Zhang et al. 2016, section 3.3), in convolutions the next multiple of
   * {@link LowRankPlan#STEP}. A kernel for which that saves nothing stays whole.
   *
   * @param kept share of the energy, in (0, 1)
   */
  public record Energy(double kept) implements Rank {
    public Energy {
      requireShare(kept);
    }

    @Override
    public String text() {
      return "energy " + kept;
    }
  }

  private static void requireShare(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("a share lies between 0 and 1, not " + share);
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
    return deployed(network, basis -> false);
  }

  /**
   * By energy the factored layers are those that have a basis, of the largest rank that they may.
   */
  @Override
  public Architecture deployed(Architecture network, Predicate<String> present) {
    if (rank instanceof Share share) {
      return LowRankPlan.of(network, method, share.removed()).factored();
    }
    return LowRankPlan.most(network, method)
        .only(factors -> present.test(factors.basis().name()))
        .factored();
  }

  @Override
  public String text() {
    return String.format(
        Locale.ROOT, "low-rank(%s, %s, %d epochs)", method.word(), rank.text(), fineTuneEpochs);
  }
}
