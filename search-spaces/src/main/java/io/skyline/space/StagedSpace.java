package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import java.util.List;

/**
 * A space of networks made of a stem, stages of equal blocks, and a head, with the recipe that
 * compresses them.
 */
record StagedSpace(
    SearchSpace decisions,
    Activation activation,
    Stem stem,
    List<StageSettings> stages,
    Head head,
    RecipeSettings recipe,
    TrainingSettings training,
    String yaml)
    implements CandidateSpace {
  StagedSpace {
    stages = List.copyOf(stages);
  }

  /** The first convolution. */
  record Stem(Setting width, Setting kernel, Setting stride) {}

  /** A stage; with depth 0 it is left out. */
  record StageSettings(
      String name,
      Setting depth,
      Setting block,
      Setting kernel,
      Setting width,
      Setting expansion,
      Setting downsample) {}

  /** What turns maps into class scores. */
  record Head(Setting kind, Setting hidden) {}

  @Override
  public Candidate decode(Genome genome, DataCard data, TrainingPlan plan) {
    return new Candidate(
        architecture(genome, data),
        recipe.of(genome, decisions),
        training.of(genome, decisions, plan));
  }

  private Architecture architecture(Genome genome, DataCard data) {
    StagedNetwork network = new StagedNetwork(data.input(), activation);
    network.stem(
        stem.width.integer(genome, decisions),
        stem.kernel.integer(genome, decisions),
        stem.stride.integer(genome, decisions));
    for (StageSettings stage : stages) {
      int depth = stage.depth.integer(genome, decisions);
      if (depth > 0) {
        network.stage(
            stage.name,
            new StagedNetwork.Stage(
                depth,
                stage.block.of(genome, decisions),
                stage.kernel.integer(genome, decisions),
                stage.width.integer(genome, decisions),
                stage.expansion.integer(genome, decisions),
                stage.downsample.of(genome, decisions)));
      }
    }
    return network.head(
        head.kind.of(genome, decisions), head.hidden.integer(genome, decisions), data.classes());
  }
}
