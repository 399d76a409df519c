package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.space.Choices.Range;
import io.skyline.space.Decision.When;
import io.skyline.space.StagedSpace.Head;
import io.skyline.space.StagedSpace.StageSettings;
import io.skyline.space.StagedSpace.Stem;
import io.skyline.yaml.DocumentWriter;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads spaces of {@code kind: stages}; docs/spaces.md describes every key. */
final class StagedSpaceReader {
  private static final int MOST_STAGES = 16;
  private static final String INVERTED = "inverted";
  private static final String STAGE_EXAMPLE = "{depth: [1, 2], block: conv, width: [16, 32]}";

  private final Problems problems;
  private final Choices choices;

  StagedSpaceReader(Problems problems) {
    this.problems = problems;
    this.choices = new Choices(problems);
  }

  StagedSpace read(String name, Fields fields, Value document) {
    String function = fields.word("activation", "relu", List.of("relu", "relu6"));
    Activation activation =
        new Activation(Activation.Function.valueOf(function.toUpperCase(Locale.ROOT)));
    Stem stem =
        fields
            .require("stem", "stem: {width: [8, 16]}")
            .map(this::stem)
            .orElse(new Stem(Setting.fixed("8"), Setting.fixed("3"), Setting.fixed("1")));
    List<StageSettings> stages =
        fields
            .require("stages", "stages: [" + STAGE_EXAMPLE + "]")
            .map(this::stages)
            .orElse(List.of());
    Head head =
        fields
            .take("head")
            .map(this::head)
            .orElse(new Head(Setting.fixed("pooled"), Setting.fixed("0")));
    RecipeSettings recipe =
        fields
            .take("recipe")
            .map(v -> Fields.of("recipe", v, "recipe: {weights: [fp32, int8]}", problems))
            .map(f -> RecipeSettings.read(f, choices))
            .orElse(RecipeSettings.NONE);
    TrainingSettings training =
        fields
            .take("training")
            .map(v -> Fields.of("training", v, "training: {learning_rate: [0.003]}", problems))
            .map(f -> TrainingSettings.read(f, choices))
            .orElse(TrainingSettings.NONE);
    fields.end();
    if (choices.decisions().isEmpty() && problems.isEmpty()) {
      problems.add(
          document.place(),
          "the space '" + name + "' is empty: it leaves nothing to decide",
          "Give at least one setting several values, such as width: [16, 32].");
    }
    problems.throwIfAny();
    return new StagedSpace(
        new SearchSpace(name, choices.decisions()),
        activation,
        stem,
        stages,
        head,
        recipe,
        training,
        DocumentWriter.write(document));
  }

  private Stem stem(Value value) {
    Fields fields = Fields.of("stem", value, "stem: {width: [8, 16]}", problems);
    Stem stem =
        new Stem(
            width(fields, "stem.width", Optional.empty()),
            kernel(fields, "stem.kernel", Optional.empty()),
            choices.numbers(
                fields, "stride", "stem.stride", "1", Range.whole(1, 2), Optional.empty()));
    fields.end();
    return stem;
  }

  private List<StageSettings> stages(Value value) {
    if (!(value instanceof Value.Sequence list)) {
      problems.add(
          value.place(),
          "'stages' is a list, not " + value.kind(),
          "Write, for example, stages: [" + STAGE_EXAMPLE + "].");
      return List.of();
    }
    if (list.items().isEmpty() || list.items().size() > MOST_STAGES) {
      problems.add(
          value.place(),
          list.items().isEmpty()
              ? "the space is empty: it has no stage"
              : "a space has at most " + MOST_STAGES + " stages, not " + list.items().size(),
          "Write, for example, stages: [" + STAGE_EXAMPLE + "].");
      return List.of();
    }
    List<StageSettings> stages = new ArrayList<>();
    for (Value item : list.items()) {
      stages.add(stage("stage" + (stages.size() + 1), item));
    }
    return stages;
  }

  private StageSettings stage(String name, Value value) {
    Fields fields = Fields.of(name, value, STAGE_EXAMPLE, problems);
    Setting depth =
        choices.numbers(
            fields, "depth", name + ".depth", "1", Range.whole(0, 12), Optional.empty());
    Optional<When> present = present(depth);
    Setting block =
        choices.words(
            fields,
            "block",
            name + ".block",
            "conv",
            List.of("conv", "separable", INVERTED),
            present);
    Setting kernel = kernel(fields, name + ".kernel", present);
    Setting width = width(fields, name + ".width", present);
    Setting expansion = expansion(fields, name, block, present);
    Setting downsample =
        choices.words(
            fields,
            "downsample",
            name + ".downsample",
            "none",
            List.of("none", "stride", "max"),
            present);
    fields.end();
    return new StageSettings(name, depth, block, kernel, width, expansion, downsample);
  }

  /** The condition that a stage has blocks at all. */
  private static Optional<When> present(Setting depth) {
    if (depth.decision() == null || !depth.values().contains("0")) {
      return Optional.empty();
    }
    Set<String> depths = new LinkedHashSet<>(depth.values());
    depths.remove("0");
    return Optional.of(new When(depth.decision(), depths));
  }

  private Setting expansion(Fields fields, String stage, Setting block, Optional<When> present) {
    Optional<When> when =
        block.decision() == null
            ? present
            : Optional.of(new When(block.decision(), Set.of(INVERTED)));
    if (block.values().contains(INVERTED)) {
      return choices.numbers(
          fields, "expansion", stage + ".expansion", "4", Range.whole(1, 8), when);
    }
    fields
        .take("expansion")
        .ifPresent(
            value ->
                problems.add(
                    value.place(),
                    "'expansion' is never used: " + stage + " has no inverted block",
                    "Remove it, or add 'inverted' to block."));
    return Setting.fixed("1");
  }

  private Setting width(Fields fields, String decision, Optional<When> when) {
    if (!fields.has("width")) {
      fields.require("width", "width: [16, 32]");
    }
    return choices.numbers(fields, "width", decision, "8", Range.eights(8, 512), when);
  }

  private Setting kernel(Fields fields, String decision, Optional<When> when) {
    List<String> odd = List.of("1", "3", "5", "7");
    return choices.words(fields, "kernel", decision, "3", odd, when);
  }

  private Head head(Value value) {
    Fields fields = Fields.of("head", value, "head: {kind: [pooled, flattened]}", problems);
    Head head =
        new Head(
            choices.words(
                fields,
                "kind",
                "head.kind",
                "pooled",
                List.of("pooled", "flattened"),
                Optional.empty()),
            choices.numbers(
                fields, "hidden", "head.hidden", "0", Range.eights(0, 1024), Optional.empty()));
    fields.end();
    return head;
  }
}
