package io.skyline.coordinator.config;

import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Shape;
import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.space.Candidate;
import io.skyline.space.Decision;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import java.util.Optional;

/** Whether a training fits its engine, its space and its data. */
public final class TrainingCheck {
  private static final String SUGGESTION = "Remove it, or write engine: onednn.";
  private static final String ASKED = "; the space asks for it";

  private TrainingCheck() {}

  /** What shows before the data is read. */
  static void check(
      TrainingSection.Read training,
      TrainingEngine engine,
      SpaceSection.Read space,
      Place begin,
      Problems problems) {
    EngineLimits.of(engine, training.plan())
        .ifPresent(
            refusal ->
                problems.add(training.place(refusal.key(), begin), refusal.reason(), SUGGESTION));
    if (training.plan().distillation().isEmpty()) {
      for (Decision decision : space.space().decisions().decisions()) {
        if (decision.name().equals("training.temperature")
            || decision.name().equals("training.alpha")) {
          problems.add(
              space.place(),
              "the space decides '" + decision.name() + "', but nobody teaches",
              "Name a teacher: training: {distillation: {teacher: runs/big-1/models/7}}.");
          return;
        }
      }
    }
  }

  /**
   * What shows once data and candidates are at hand.
   *
   * @param input the shape of one example
   * @param classes of the data
   * @throws InvalidDocumentException with the first misfit
   */
  public static void check(SearchConfig config, SpaceProbe probe, Shape input, int classes) {
    if (config.training().classWeights() instanceof ClassWeights.Given given
        && given.weights().size() != classes) {
      throw new InvalidDocumentException(
          config.classWeightsPlace(),
          "'class_weights' has %d numbers, but the data has %d classes"
              .formatted(given.weights().size(), classes),
          "Write one for each class, in label order, or balanced.");
    }
    if (classes == 0 && config.training().distillation().isPresent()) {
      throw new InvalidDocumentException(
          config.classWeightsPlace(),
          "'distillation' teaches classes, but the data asks for a number",
          "Remove it.");
    }
    augmentation(config.training().augmentation(), input)
        .ifPresent(
            misfit -> {
              throw new InvalidDocumentException(
                  config.augmentationPlace(), misfit, "Remove it, or write 0.");
            });
    for (TrainingPlan plan : probe.trainings()) {
      augmentation(plan.augmentation(), input)
          .ifPresent(
              misfit -> {
                throw new InvalidDocumentException(
                    config.spacePlace(),
                    misfit + ASKED,
                    "Remove it from the space's training, or write 0.");
              });
      EngineLimits.of(config.engine(), plan)
          .ifPresent(
              refusal -> {
                throw new InvalidDocumentException(
                    config.spacePlace(), refusal.reason() + ASKED, SUGGESTION);
              });
    }
    for (SpaceProbe.Sample sample : probe.samples()) {
      if (config.search().halving().isPresent()) {
        HalvingLimits.of(sample.candidate().architecture())
            .ifPresent(
                why -> {
                  throw new InvalidDocumentException(
                      config.spacePlace(),
                      why + ASKED,
                      "Remove halving from the budget, or condensation from the space.");
                });
      }
      RecipeLimits.of(sample.candidate(), config.engine(), classes == 0)
          .ifPresent(
              refusal -> {
                throw new InvalidDocumentException(
                    config.spacePlace(), refusal.reason(), refusal.suggestion());
              });
      if (config.sharing().isPresent() && learnsGroups(sample.candidate())) {
        throw new InvalidDocumentException(
            config.spacePlace(),
            "the space learns groups, which settle as a training ends, but 'sharing' trains every"
                + " network for a few batches only",
            "Remove 'sharing', or take a space without 'condensation'.");
      }
      EngineLimits.of(config.engine(), sample.candidate().architecture())
          .ifPresent(
              refusal -> {
                throw new InvalidDocumentException(
                    config.spacePlace(), refusal.reason() + ASKED, SUGGESTION);
              });
    }
  }

  private static boolean learnsGroups(Candidate candidate) {
    return candidate.architecture().nodes().stream()
        .anyMatch(node -> node.layer() instanceof LearnedGroupConvolution);
  }

  /** Changes that mean something for images only; flips do nothing to a signal. */
  private static Optional<String> augmentation(Augmentation changes, Shape input) {
    String what = input.isFlat() ? "tables" : "signals";
    if (input.height() == 1 && changes.rotation() > 0) {
      return Optional.of("'rotation' turns images, but the data are " + what + " of " + input);
    }
    return input.isFlat() && changes.cutout() > 0
        ? Optional.of("'cutout' would blank all of an example of " + input)
        : Optional.empty();
  }
}
