package io.skyline.space;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import java.util.Optional;

/** A space whose genomes decode to candidates that workers can train. */
public interface CandidateSpace {
  /** The decisions and the operators over them. */
  SearchSpace decisions();

  /** What its networks look at; empty if they take inputs of every kind. */
  default Optional<InputKind> input() {
    return Optional.empty();
  }

  /** Whether some of its networks have exits, which only networks of classes can have. */
  default boolean mayExitEarly() {
    return false;
  }

  /**
   * Builds what a genome says.
   *
   * @param genome of {@link #decisions()}
   * @param data gives input shape and classes
   * @param training the search's plan, for what the space does not decide
   * @throws InvalidArchitectureException if the network cannot be, with the reason
   */
  Candidate decode(Genome genome, DataCard data, TrainingPlan training);

  /** The space as YAML with everything resolved: read back, it is this space. */
  String yaml();
}
