package io.skyline.worker.compress;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.LowRank;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Step;
import io.skyline.recipe.Tutoring;
import io.skyline.recipe.WeightHashing;
import io.skyline.recipe.WeightSharing;

/**
 * Does one step of a recipe to a network.
 *
 * <p>A step changes nothing it is given, leaves input, classes and normalisation as they are, gives
 * the architecture that {@link io.skyline.recipe.Recipe#deployed} foretold, up to folded
 * normalizations and removed dead channels, and repeats exactly for the same workbench.
 */
interface CompressionStep {
  /**
   * Compresses.
   *
   * @throws io.skyline.worker.train.DivergedException if fine-tuning diverged
   * @throws io.skyline.worker.train.TrainingCancelledException if progress asked to stop
   */
  Encoded apply(Encoded input, Workbench bench);

  /** Who does a recipe's step. */
  static CompressionStep of(Step step) {
    if (step instanceof ChannelPruning pruning) {
      return new ChannelPruner(pruning);
    }
    if (step instanceof LowRank lowRank) {
      return new LowRankStep(lowRank);
    }
    if (step instanceof MagnitudePruning pruning) {
      return new MagnitudePruner(pruning);
    }
    if (step instanceof WeightSharing sharing) {
      return new WeightSharer(sharing);
    }
    if (step instanceof WeightHashing hashing) {
      return new WeightHasher(hashing);
    }
    if (step instanceof Tutoring tutoring) {
      return new Tutor(tutoring);
    }
    if (step instanceof Quantization quantization) {
      return switch (quantization.precision()) {
        case FP16 -> new HalfPrecision();
        case MANTISSA -> new MantissaRounder(quantization.mantissaBits());
        default -> new Quantizer(quantization);
      };
    }
    throw new IllegalArgumentException("nobody does the step " + step.text());
  }
}
