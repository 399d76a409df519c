package io.skyline.worker.trial;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.Step;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.v1.Train;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Normalization.Target;
import java.util.List;
import java.util.Optional;

/**
 * A Train task, decoded.
 *
 * @param space whose genome it trains
 * @param candidate what to build, train and compress
 * @param data what to train on
 */
record Plan(Train task, CandidateSpace space, Candidate candidate, DataCard data) {
  /**
   * Decodes a task.
   *
   * @param spaces read before
   * @throws io.skyline.architecture.InvalidArchitectureException if the network cannot be
   */
  static Plan of(Train task, Spaces spaces) {
    CandidateSpace space = spaces.read(task.getSpaceYaml());
    DataCard data = Wire.dataCard(task.getData());
    Candidate candidate =
        space.decode(
            space.decisions().parse(task.getGenome()), data, TrainingPlans.of(task.getTraining()));
    return new Plan(task, space, candidate, data);
  }

  /**
   * The network of another genome of the same space.
   *
   * @throws IllegalArgumentException if it is none
   */
  Architecture architecture(String genome) {
    return space
        .decode(space.decisions().parse(genome), data, TrainingPlans.of(task.getTraining()))
        .architecture();
  }

  Normalization normalization() {
    return new Normalization(
        data.mean(),
        data.deviation(),
        data.regression().map(number -> new Target(number.mean(), number.deviation())));
  }

  /** The text of the recipe's last step. */
  String lastStep() {
    List<Step> steps = candidate.recipe().steps();
    return steps.get(steps.size() - 1).text();
  }

  /** The latency that the search foretells; empty if it has no profile of its device. */
  Optional<Measurement> predictedLatency() {
    if (!task.hasPredictedLatency()) {
      return Optional.empty();
    }
    io.skyline.v1.Measurement predicted = task.getPredictedLatency();
    return Optional.of(
        new Measurement(predicted.getValue(), predicted.getTolerance(), predicted.getConfident()));
  }

  /**
   * The part of its training that the task asks for.
   *
   * @param until epochs that are trained after it
   * @param pauses whether the training is to go on later
   */
  record Stretch(int until, boolean pauses) {}

  /** From its checkpoint, or from the beginning, to here. */
  Stretch stretch() {
    return task.getUntil() == 0
        ? new Stretch(candidate.training().epochs(), false)
        : new Stretch(task.getUntil(), true);
  }

  /** The scores of the untrained network that are wanted. */
  List<Metric> scores() {
    return task.getScoresList().stream().map(Wire::metric).toList();
  }

  boolean compresses() {
    return !candidate.recipe().steps().isEmpty();
  }
}
