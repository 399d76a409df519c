package io.skyline.recipe;

import java.util.Locale;

/**
 * Sets the weights of least magnitude to zero, where they stay (Han et al. 2015, "Learning both
 * Weights and Connections for Efficient Neural Networks"). Kernels only; biases are few.
 *
 * @param share of all kernels' weights that become zero, in (0, 1)
 * @param scope among which weights the least are sought
 * @param rounds in which the share is reached, each followed by fine-tuning; 1 prunes in one shot
 * @param fineTuneEpochs passes over the training data in all rounds together
 * @param rewinding what the remaining weights train on from at the end
 */
public record MagnitudePruning(
    double share, Scope scope, int rounds, int fineTuneEpochs, Rewinding rewinding)
    implements Step {
  public MagnitudePruning {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("a share of weights lies between 0 and 1, not " + share);
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds cannot be " + rounds);
    }
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException("fine-tuning epochs cannot be " + fineTuneEpochs);
    }
  }

  /** Among which weights the least are sought. */
  public enum Scope {
    /** Each layer loses the same share. */
    LAYER,
    /** All layers together, each weight beside the root mean square of its layer. */
    GLOBAL,
    /** As many of each layer as raise the loss on training examples alike. */
    SENSITIVITY;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The scope of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scope of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** What remaining weights train on from. */
  public enum Rewinding {
    /** Where pruning left them. */
    NONE,
    /**
     * Where the training began, by the whole training's plan: a lottery ticket (Frankle and Carbin
     * 2019).
     */
    TICKET,
    /** A ticket's zeros among freshly drawn weights, which shows what its start is worth. */
    REDRAWN;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The rewinding of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Rewinding of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * The share that is zero after a round: less and less is added (Zhu and Gupta 2018, equation 1).
   *
   * @param round from 1
   */
  public double shareAfter(int round) {
    double left = 1 - (double) round / rounds;
    return share * (1 - left * left * left);
  }

  @Override
  public StepKind kind() {
    return StepKind.MAGNITUDE_PRUNING;
  }

  @Override
  public int epochs() {
    return fineTuneEpochs;
  }

  @Override
  public String text() {
    String text =
        String.format(
            Locale.ROOT,
            "magnitude-pruning(%s, %s, %d rounds, %d epochs",
            share,
            scope.word(),
            rounds,
            fineTuneEpochs);
    return text + (rewinding == Rewinding.NONE ? ")" : ", " + rewinding.word() + ")");
  }
}
