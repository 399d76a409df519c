package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.sharing.SharedWeights;
import io.skyline.coordinator.sharing.WeightIndex;
import io.skyline.coordinator.wire.DataCards;
import io.skyline.coordinator.wire.TrainingPlans;
import io.skyline.sharing.SharedLayout;
import io.skyline.sharing.SharedOperation;
import io.skyline.space.Genome;
import io.skyline.v1.Assign;
import io.skyline.v1.Evaluate;
import io.skyline.v1.Share;
import io.skyline.v1.SharedNetwork;
import io.skyline.v1.SharedVector;
import java.util.List;
import java.util.Optional;

/** Writes tasks of shared weights as workers read them. */
final class SharedTaskMessages {
  private final SearchPlan plan;
  private final Optional<SharedWeights> weights;

  SharedTaskMessages(SearchPlan plan, Optional<SharedWeights> weights) {
    this.plan = plan;
    this.weights = weights;
  }

  /**
   * @throws IllegalStateException if the search shares no weights, or the version is gone
   */
  Assign message(TaskId task, SearchState state) {
    SharingSettings settings =
        plan.settings()
            .sharing()
            .orElseThrow(() -> new IllegalStateException("this search shares no weights"));
    if (task.kind() == TaskId.Kind.EVALUATE) {
      String genome = state.sharing().candidates().get(task.trial() - 1).genome();
      return Assign.newBuilder()
          .setEvaluate(
              Evaluate.newBuilder()
                  .setNetwork(
                      network(plan.space().decisions().parse(genome), settings.steps(), settings)))
          .build();
    }
    List<Integer> choices = state.sharing().paths().get(task.trial() - 1).choices();
    Genome genome =
        plan.space().decisions().genome(choices.stream().mapToInt(Integer::intValue).toArray());
    return Assign.newBuilder()
        .setShare(
            Share.newBuilder()
                .setStep(task.trial())
                .setSteps(settings.steps())
                .setBatches(settings.batches())
                .setValidation(settings.validation())
                .setNetwork(
                    network(genome, Math.max(0, task.trial() - settings.lookahead()), settings)))
        .build();
  }

  private SharedNetwork network(Genome genome, long version, SharingSettings settings) {
    SharedNetwork.Builder message =
        SharedNetwork.newBuilder()
            .setSpaceYaml(plan.space().yaml())
            .setGenome(genome.text())
            .setData(DataCards.withoutTest(plan.data()))
            .setTraining(TrainingPlans.message(plan.training()))
            .setSeed(plan.settings().seed())
            .setEngine(plan.engine())
            .setTimeLimitSeconds(
                Math.toIntExact(Math.min(Integer.MAX_VALUE, plan.trialLimit().toSeconds())))
            .setCalibration(settings.calibration())
            .setLabel(plan.name());
    WeightIndex index =
        weights
            .orElseThrow(() -> new IllegalStateException("this search shares no weights"))
            .version(version);
    SharedLayout layout =
        SharedLayout.of(plan.space().decode(genome, plan.data(), plan.training()).architecture());
    for (SharedOperation operation : layout.operations()) {
      index
          .get(operation.key())
          .ifPresent(
              entry ->
                  message.addVectors(
                      SharedVector.newBuilder()
                          .setKey(operation.key())
                          .setDigest(entry.part().digest())
                          .setBytes(entry.part().bytes())));
    }
    return message.build();
  }
}
