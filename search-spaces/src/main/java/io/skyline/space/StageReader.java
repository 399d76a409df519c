package io.skyline.space;

import io.skyline.space.Decision.When;
import io.skyline.space.block.Block;
import io.skyline.space.block.Knob;
import io.skyline.space.block.Stage;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the stages of a space of {@code kind: stages}; docs/spaces.md describes every key. */
final class StageReader {
  static final String EXAMPLE = "{depth: [1, 2], block: conv, width: [16, 32]}";
  private static final int MOST_STAGES = 16;

  private final InputKind input;
  private final Problems problems;
  private final Choices choices;

  StageReader(InputKind input, Problems problems, Choices choices) {
    this.input = input;
    this.problems = problems;
    this.choices = choices;
  }

  List<StageSettings> read(Value value) {
    if (!(value instanceof Value.Sequence list)) {
      problems.add(
          value.place(),
          "'stages' is a list, not " + value.kind(),
          "Write, for example, stages: [" + EXAMPLE + "].");
      return List.of();
    }
    if (list.items().isEmpty() || list.items().size() > MOST_STAGES) {
      problems.add(
          value.place(),
          list.items().isEmpty()
              ? "the space is empty: it has no stage"
              : "a space has at most " + MOST_STAGES + " stages, not " + list.items().size(),
          "Write, for example, stages: [" + EXAMPLE + "].");
      return List.of();
    }
    List<StageSettings> stages = new ArrayList<>();
    for (Value item : list.items()) {
      stages.add(stage("stage" + (stages.size() + 1), item));
    }
    boolean goesOn = false;
    for (int i = stages.size() - 1; i >= 0; i--) {
      if (stages.get(i).mayExit() && !goesOn) {
        problems.add(
            list.items().get(i).place(),
            "an exit of stage" + (i + 1) + " needs a later stage whose depth is never 0",
            "Remove 'exit', or take 0 from the depth of a later stage.");
      }
      goesOn |= !stages.get(i).depth().values().contains("0");
    }
    return stages;
  }

  private StageSettings stage(String name, Value value) {
    Fields fields = Fields.of(name, value, EXAMPLE, problems);
    Setting depth =
        choices.numbers(
            fields, "depth", name + ".depth", "1", Range.whole(0, 12), Optional.empty());
    Optional<When> present = depth.unless("0", Optional.empty());
    Setting block = choices.words(fields, "block", name + ".block", "conv", Block.words(), present);
    Map<Knob, Setting> knobs = new EnumMap<>(Knob.class);
    knobs.put(Knob.KERNEL, choices.kernel(fields, name + ".kernel", input, present));
    knobs.put(Knob.WIDTH, choices.width(fields, name + ".width", present));
    for (Knob knob : List.of(Knob.EXPANSION, Knob.GROUPS, Knob.DILATION)) {
      own(knob, fields, name, block, present).ifPresent(setting -> knobs.put(knob, setting));
    }
    for (Knob knob : List.of(Knob.SQUEEZE, Knob.GROWTH, Knob.DROP_PATH, Knob.CONDENSATION)) {
      own(knob, fields, name, block, present).ifPresent(setting -> knobs.put(knob, setting));
    }
    Setting attention = read(Knob.ATTENTION, fields, name, present);
    knobs.put(Knob.ATTENTION, attention);
    knobs.put(Knob.REDUCTION, reduction(fields, name, attention, present));
    Optional<Setting> activation =
        fields.has("activation")
            ? Optional.of(Activations.read(fields, name + ".activation", choices, present))
            : Optional.empty();
    Setting downsample =
        choices.words(
            fields, "downsample", name + ".downsample", "none", Stage.DOWNSAMPLE, present);
    Setting exit = choices.words(fields, "exit", name + ".exit", "no", StageSettings.EXIT, present);
    fields.end();
    return new StageSettings(name, depth, block, downsample, knobs, activation, exit);
  }

  /** A knob that only some blocks have; it counts where one of those is chosen. */
  private Optional<Setting> own(
      Knob knob, Fields fields, String stage, Setting block, Optional<When> present) {
    Set<String> readers = new LinkedHashSet<>(block.values());
    readers.removeIf(word -> !Block.of(word).reads(knob));
    if (!readers.isEmpty()) {
      Optional<When> when =
          block.decision() == null || readers.size() == block.values().size()
              ? present
              : Optional.of(new When(block.decision(), readers));
      return Optional.of(read(knob, fields, stage, when));
    }
    List<String> others =
        Block.words().stream().filter(word -> Block.of(word).reads(knob)).toList();
    unused(
        knob,
        fields,
        stage
            + " has no "
            + (others.size() == 1 ? others.get(0) + " block" : "block that reads it"),
        "Remove it, or add '" + String.join("' or '", others) + "' to block.");
    return Optional.empty();
  }

  private Setting reduction(
      Fields fields, String stage, Setting attention, Optional<When> present) {
    Set<String> gates = new LinkedHashSet<>(attention.values());
    gates.removeIf(word -> !word.equals("se") && !word.equals("cbam"));
    if (gates.isEmpty()) {
      unused(
          Knob.REDUCTION,
          fields,
          stage + " has no gate of channels",
          "Remove it, or add 'se' or 'cbam' to attention.");
      return Setting.fixed(Knob.REDUCTION.preset());
    }
    Optional<When> when =
        attention.decision() == null || gates.size() == attention.values().size()
            ? present
            : Optional.of(new When(attention.decision(), gates));
    return read(Knob.REDUCTION, fields, stage, when);
  }

  private void unused(Knob knob, Fields fields, String why, String suggestion) {
    fields
        .take(knob.word())
        .ifPresent(
            value ->
                problems.add(
                    value.place(), "'" + knob.word() + "' is never used: " + why, suggestion));
  }

  private Setting read(Knob knob, Fields fields, String stage, Optional<When> when) {
    String decision = stage + "." + knob.word();
    return switch (knob) {
      case KERNEL -> choices.kernel(fields, decision, input, when);
      case WIDTH -> choices.width(fields, decision, when);
      case GROUPS, CONDENSATION -> words(knob, fields, decision, List.of("1", "2", "4", "8"), when);
      case ATTENTION ->
          words(knob, fields, decision, List.of("none", "se", "spatial", "cbam"), when);
      case EXPANSION -> numbers(knob, fields, decision, Range.whole(1, 8), when);
      case DILATION -> numbers(knob, fields, decision, Range.whole(1, 16), when);
      case SQUEEZE -> numbers(knob, fields, decision, Range.of(0.05, 1), when);
      case GROWTH -> numbers(knob, fields, decision, Range.eights(8, 128), when);
      case REDUCTION -> numbers(knob, fields, decision, Range.whole(1, 64), when);
      case DROP_PATH -> numbers(knob, fields, decision, Range.of(0, 0.8), when);
    };
  }

  private Setting words(
      Knob knob, Fields fields, String decision, List<String> known, Optional<When> when) {
    return choices.words(fields, knob.word(), decision, knob.preset(), known, when);
  }

  private Setting numbers(
      Knob knob, Fields fields, String decision, Range range, Optional<When> when) {
    return choices.numbers(fields, knob.word(), decision, knob.preset(), range, when);
  }
}
