package io.skyline.space;

import io.skyline.recipe.Recipe;
import io.skyline.recipe.StepKind;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The part of a space that decides the compression recipe: a list of steps, each {@code {kind:
 * {settings}}}, or in short {@code {weights: ..., pruning: ..., fine_tune_epochs: ...}}.
 */
record RecipeSettings(List<StepSettings> steps) {
  static final RecipeSettings NONE = new RecipeSettings(List.of());

  private static final String EXAMPLE = "recipe: {weights: [fp32, int8]}";
  private static final String STEP_EXAMPLE = "- weight-sharing: {bits: 5}";

  RecipeSettings {
    steps = List.copyOf(steps);
  }

  static RecipeSettings read(Value value, Choices choices, Problems problems) {
    return value instanceof Value.Sequence list
        ? read(list, choices, problems)
        : inShort(choices.fields("recipe", value, EXAMPLE), choices);
  }

  /** Channel pruning, then quantization. */
  private static RecipeSettings inShort(Fields fields, Choices choices) {
    StepSettings weights =
        QuantizationSettings.inShort(fields, "weights", "recipe.", choices, Optional.empty());
    StepSettings pruning =
        ChannelPruningSettings.read(fields, "pruning", "recipe.", choices, Optional.empty());
    fields.end();
    return new RecipeSettings(List.of(pruning, weights));
  }

  private static RecipeSettings read(Value.Sequence list, Choices choices, Problems problems) {
    List<StepSettings> steps = new ArrayList<>();
    List<StepKind> kinds = new ArrayList<>();
    for (Value item : list.items()) {
      Optional<Value.Entry> entry = step(item, problems);
      if (entry.isPresent()) {
        StepKind kind = StepKind.of(entry.get().name());
        refuse(kinds, kind, entry.get(), problems);
        kinds.add(kind);
        steps.add(read(kind, entry.get().value(), choices, problems));
      }
    }
    return new RecipeSettings(steps);
  }

  private static Optional<Value.Entry> step(Value item, Problems problems) {
    if (!(item instanceof Value.Mapping mapping) || mapping.entries().size() != 1) {
      problems.add(
          item.place(),
          "a step of a recipe is its kind with its settings, not " + item.kind(),
          "Write, for example, " + STEP_EXAMPLE + ".");
      return Optional.empty();
    }
    Value.Entry entry = mapping.entries().get(0);
    Fields fields = Fields.of("recipe", item, STEP_EXAMPLE, problems);
    return fields.word(entry.key(), "step", StepKind.words()).map(word -> entry);
  }

  private static void refuse(
      List<StepKind> earlier, StepKind kind, Value.Entry entry, Problems problems) {
    for (StepKind before : earlier) {
      Optional<String> reason = before.refuses(kind);
      if (reason.isPresent()) {
        List<String> legal = StepKind.legalAfter(earlier);
        problems.add(
            entry.key().place(),
            kind.word() + " cannot come after " + before.word() + ": " + reason.get(),
            legal.isEmpty()
                ? "Nothing can: end the recipe there, or write this step earlier."
                : "Write it earlier; what may come here: " + String.join(", ", legal) + ".");
        return;
      }
    }
  }

  private static StepSettings read(StepKind kind, Value value, Choices choices, Problems problems) {
    String prefix = "recipe." + kind.word() + ".";
    Optional<When> always = Optional.empty();
    Fields fields = choices.fields(kind.word(), value, STEP_EXAMPLE);
    StepSettings settings =
        switch (kind) {
          case CHANNEL_PRUNING ->
              ChannelPruningSettings.inParts(fields, prefix, choices, always, problems);
          case LOW_RANK -> LowRankSettings.read(fields, prefix, choices, always, problems);
          case MAGNITUDE_PRUNING -> MagnitudePruningSettings.read(fields, prefix, choices, always);
          case WEIGHT_SHARING -> WeightSharingSettings.read(fields, prefix, choices, always);
          case WEIGHT_HASHING -> WeightHashingSettings.read(fields, prefix, choices, always);
          case DISTILLATION -> TutoringSettings.read(fields, prefix, choices, always);
          case QUANTIZATION -> QuantizationSettings.read(fields, prefix, choices, always, problems);
        };
    fields.end();
    return settings;
  }

  Recipe of(Genome genome, SearchSpace space) {
    return new Recipe(
        steps.stream().flatMap(settings -> settings.of(genome, space).stream()).toList());
  }
}
