package io.skyline.space;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Quantization.Precision;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.space.Choices.Range;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of a space that decides the compression recipe. */
record RecipeSettings(Setting weights, Setting pruning, Setting fineTuneEpochs) {
  static final RecipeSettings NONE =
      new RecipeSettings(Setting.fixed("fp32"), Setting.fixed("0"), Setting.fixed("0"));

  static RecipeSettings read(Fields fields, Choices choices) {
    Setting weights =
        choices.words(
            fields,
            "weights",
            "recipe.weights",
            "fp32",
            List.of("fp32", "fp16", "int8"),
            Optional.empty());
    Setting pruning =
        choices.numbers(
            fields, "pruning", "recipe.pruning", "0", Range.of(0, 0.9), Optional.empty());
    Optional<When> pruned = pruning.unless("0", Optional.empty());
    Setting epochs =
        choices.numbers(
            fields,
            "fine_tune_epochs",
            "recipe.fine_tune_epochs",
            "1",
            Range.whole(0, 100),
            pruned);
    fields.end();
    return new RecipeSettings(weights, pruning, epochs);
  }

  Recipe of(Genome genome, SearchSpace space) {
    List<Step> steps = new ArrayList<>();
    double ratio = pruning.number(genome, space);
    if (ratio > 0) {
      steps.add(new ChannelPruning(ratio, fineTuneEpochs.integer(genome, space)));
    }
    switch (weights.of(genome, space)) {
      case "fp16" -> steps.add(new Quantization(Precision.FP16));
      case "int8" -> steps.add(new Quantization(Precision.INT8));
      default -> {}
    }
    return new Recipe(steps);
  }
}
