package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.scorecard.DataCard;
import io.skyline.space.block.Draft;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import java.util.List;
import java.util.Optional;

/** {@code kind: stages}: perhaps a glimpse first, a stem, stages of equal blocks, and a head. */
record StagedNetworks(
    InputKind kind,
    Setting activation,
    Optional<Locator> locator,
    Stem stem,
    List<StageSettings> stages,
    Head head)
    implements NetworkPlan {
  StagedNetworks {
    stages = List.copyOf(stages);
  }

  static StagedNetworks read(Fields fields, Choices choices, Problems problems) {
    InputKind input = InputKind.read(fields);
    Setting activation = Activations.read(fields, "activation", choices, Optional.empty());
    Optional<Locator> locator = Locator.read(fields, input, choices, problems);
    Stem stem = Stem.require(fields, input, choices);
    List<StageSettings> stages =
        fields
            .require("stages", "stages: [" + StageReader.EXAMPLE + "]")
            .map(new StageReader(input, problems, choices)::read)
            .orElse(List.of());
    return new StagedNetworks(input, activation, locator, stem, stages, Head.read(fields, choices));
  }

  @Override
  public Optional<InputKind> input() {
    return Optional.of(kind);
  }

  @Override
  public boolean mayExitEarly() {
    return stages.stream().anyMatch(StageSettings::mayExit);
  }

  @Override
  public Architecture build(Genome genome, SearchSpace space, DataCard data) {
    Activation function = Activations.of(activation, genome, space);
    Draft draft = kind.draft(data.input());
    locator.ifPresent(found -> found.lay(draft, genome, space, function));
    stem.lay(draft, genome, space, function);
    for (StageSettings stage : stages) {
      stage.lay(draft, genome, space, function, data.outputs());
    }
    head.lay(draft, genome, space, function, data.outputs());
    return draft.architecture();
  }
}
