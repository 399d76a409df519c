package io.skyline.space;

import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import java.util.Optional;

/**
 * A space that was read from YAML: the networks of its kind, the recipes that compress them, and
 * what it decides of their training.
 */
record ReadSpace(
    SearchSpace decisions,
    NetworkPlan networks,
    RecipeSettings recipe,
    TrainingSettings training,
    String yaml)
    implements CandidateSpace {
  @Override
  public Optional<InputKind> input() {
    return networks.input();
  }

  @Override
  public boolean mayExitEarly() {
    return networks.mayExitEarly();
  }

  @Override
  public Candidate decode(Genome genome, DataCard data, TrainingPlan plan) {
    return new Candidate(
        networks.build(genome, decisions, data),
        recipe.of(genome, decisions),
        training.of(genome, decisions, plan));
  }
}
