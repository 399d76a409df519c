package io.skyline.coordinator.config;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.CondensedForm;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.ChannelPruning.Criterion;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Step;
import io.skyline.recipe.StepKind;
import io.skyline.space.Candidate;
import java.util.Optional;

/** Why a recipe that is legal by itself cannot be done to what it is asked for. */
final class RecipeLimits {
  private RecipeLimits() {}

  /**
   * A step that cannot be done.
   *
   * @param reason what and why, for a person
   * @param suggestion what to do
   */
  record Refusal(String reason, String suggestion) {}

  /**
   * The first step of a candidate's recipe that cannot be done, if any.
   *
   * @param numbers whether the data asks for a number
   */
  static Optional<Refusal> of(Candidate candidate, TrainingEngine engine, boolean numbers) {
    Architecture network = candidate.architecture();
    Architecture left = CondensedForm.foretold(network);
    for (Step step : candidate.recipe().steps()) {
      Optional<Refusal> refusal = engine == TrainingEngine.DL4J ? dl4j(step) : Optional.empty();
      if (refusal.isEmpty() && numbers && step.kind() == StepKind.DISTILLATION) {
        refusal = refuse(step, "it teaches classes, but the data asks for a number", "Remove it.");
      }
      if (refusal.isEmpty() && rewinds(step) && !left.equals(network)) {
        refusal =
            refuse(
                step,
                "the network is no longer the one that the training began with",
                "Write rewinding: none, or let no earlier step and no learned group change it.");
      }
      if (refusal.isPresent()) {
        return refusal;
      }
      left = step.deployed(left, layer -> true);
    }
    return Optional.empty();
  }

  private static boolean rewinds(Step step) {
    return step instanceof MagnitudePruning pruning && pruning.rewinding() != Rewinding.NONE;
  }

  private static Optional<Refusal> dl4j(Step step) {
    String suggestion = "Remove it, or write engine: onednn.";
    if (step instanceof ChannelPruning pruning && pruning.criterion() == Criterion.TAYLOR) {
      return refuse(step, "the engine 'dl4j' hands out no gradients", suggestion);
    }
    if (step instanceof Quantization quantization && quantization.awareEpochs() > 0) {
      return refuse(step, "the engine 'dl4j' holds no weights while it trains", suggestion);
    }
    return switch (step.kind()) {
      case MAGNITUDE_PRUNING, WEIGHT_SHARING, WEIGHT_HASHING ->
          refuse(step, "the engine 'dl4j' holds no weights while it trains", suggestion);
      case DISTILLATION ->
          refuse(step, "the losses of the engine 'dl4j' know no temperature", suggestion);
      case CHANNEL_PRUNING, LOW_RANK, QUANTIZATION -> Optional.empty();
    };
  }

  private static Optional<Refusal> refuse(Step step, String reason, String suggestion) {
    return Optional.of(
        new Refusal(
            step.text() + " cannot be done: " + reason + "; the space asks for it", suggestion));
  }
}
